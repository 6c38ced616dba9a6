import { decodeCompressed, type CompressedFormat } from './decode-compressed.ts'
import { decodeFlac } from './decode-flac.ts'
import { AudioError } from './errors.ts'
import { MOST_KEPT } from './keep-memory.ts'
import type { AudioInfo, PcmLayout } from './pcm-layout.ts'
import { audioFormat, findPcm, probeAudio, viewOf, type AudioFormat } from './probe-audio.ts'
import type { ReadPcm16 } from './read-pcm16.ts'
import { ENCODINGS } from './sample-encodings.ts'

/** A recording's samples, one array a channel, full scale 1. */
export type DecodedAudio = AudioInfo & { readonly channelData: Float32Array[] }

/** Ten minutes: what a recording may last unless the caller says otherwise. It is held in memory as a whole. */
export const DEFAULT_MAX_SECONDS = 600

export type DecodeOptions = {
  /** Recordings that last longer are refused before they are decoded. */
  readonly maxSeconds?: number
}

/**
 * Decodes WAV, AIFF or FLAC. Integers are scaled as libsndfile scales them: 16 bits / 32768, 24 bits / 8388608,
 * 8 bits unsigned (x - 128) / 128. Memory taken: 4 bytes a sample, and of those no more than `maxSeconds` has.
 *
 * @throws AudioError as `probeAudio`; `too_long`, `damaged`, `not_finite`; `unsupported_encoding` for MP3, Ogg and WebM,
 * whose codecs take a moment to load: `decodeAudioAsync`
 */
export function decodeAudio(bytes: Uint8Array, options: DecodeOptions = {}): DecodedAudio {
  return decodeInto(bytes, options, { allocate: (frames) => new Float32Array(frames) })
}

/** Where the samples of uncompressed formats go. */
export type SampleMemory = {
  /** Gives the array for the samples of a channel. */
  readonly allocate: (frames: number, channel: number) => Float32Array
  /** A faster reader for what is most frequent, into its own memory. */
  readonly readPcm16?: ReadPcm16 | undefined
}

/** `decodeAudio` with the caller's memory. */
export function decodeInto(bytes: Uint8Array, options: DecodeOptions, memory: SampleMemory): DecodedAudio {
  const format = audioFormat(bytes)
  if (isCompressed(format)) {
    throw new AudioError('unsupported_encoding', `${format} is decoded by decodeAudioAsync only`)
  }
  checkLength(bytes, options)
  return format === 'flac' ? decodeFlac(bytes) : decodePcm(bytes, memory)
}

/**
 * Decodes every format: those of `decodeAudio` at once, and MP3, Ogg Vorbis, Ogg Opus and Opus in WebM by codecs that are loaded
 * when the first such recording is met.
 *
 * @throws AudioError (as a rejection) as `decodeAudio`
 */
export async function decodeAudioAsync(bytes: Uint8Array, options: DecodeOptions = {}): Promise<DecodedAudio> {
  const format = audioFormat(bytes)
  if (!isCompressed(format)) return decodeAudio(bytes, options)
  checkLength(bytes, options)
  return decodeCompressed(bytes, format)
}

/** Formats whose codecs must be loaded first. */
export function isCompressed(format: AudioFormat): format is CompressedFormat {
  return format === 'mp3' || format === 'ogg' || format === 'webm'
}

/** Refuses what lasts too long. */
export function checkLength(bytes: Uint8Array, options: DecodeOptions): void {
  checkSeconds(probeAudio(bytes), options)
}

/** `checkLength` for what is known of a recording. */
export function checkSeconds(
  { frames, sampleRate }: Pick<AudioInfo, 'frames' | 'sampleRate'>,
  { maxSeconds = DEFAULT_MAX_SECONDS }: DecodeOptions,
): void {
  const seconds = frames / sampleRate
  if (seconds > maxSeconds) {
    throw new AudioError(
      'too_long',
      `the recording lasts ${Math.round(seconds)} s, more than the ${maxSeconds} s allowed; cut it into shorter ones`,
    )
  }
}

function decodePcm(bytes: Uint8Array, { allocate, readPcm16 }: SampleMemory): DecodedAudio {
  const layout = findPcm(bytes)
  const { container, encoding, sampleRate, channels, frames, littleEndian, dataStart, sampleBytes } = layout
  const isPlain = encoding === 'pcm_s16' && littleEndian && channels === 1 && sampleBytes === 2
  if (readPcm16 && isPlain && frames <= MOST_KEPT) {
    const channelData = [readPcm16(bytes.subarray(dataStart, dataStart + 2 * frames))]
    return { container, encoding, sampleRate, channels, frames, channelData }
  }
  const channelData = Array.from({ length: channels }, (_, channel) =>
    readChannel(bytes, layout, { channel, samples: allocate(frames, channel), first: 0 }),
  )
  return { container, encoding, sampleRate, channels, frames, channelData }
}

/** One channel of the frames that the layout names; `first` is the number of the first of them in the file. */
export function decodeChannel(bytes: Uint8Array, layout: PcmLayout, channel: number, first = 0): Float32Array {
  return readChannel(bytes, layout, { channel, samples: new Float32Array(layout.frames), first })
}

type ChannelTarget = { readonly channel: number; readonly samples: Float32Array; readonly first: number }

function readChannel(bytes: Uint8Array, layout: PcmLayout, { channel, samples, first }: ChannelTarget): Float32Array {
  const { encoding, littleEndian, dataStart, sampleBytes, channels } = layout
  const offset = dataStart + channel * sampleBytes
  ENCODINGS[encoding].read({ view: viewOf(bytes), littleEndian, offset, stride: sampleBytes * channels }, samples)
  if (encoding === 'float32' || encoding === 'float64') checkFinite(samples, first)
  return samples
}

function checkFinite(samples: Float32Array, first: number): void {
  for (let i = 0; i < samples.length; i++) {
    if (!Number.isFinite(samples[i])) {
      throw new AudioError(
        'not_finite',
        `sample ${first + i} is ${samples[i]}; the program that wrote the file failed: export it again`,
      )
    }
  }
}
