import { checkLength, decodeChannel, isCompressed, type DecodeOptions } from './decode-audio.ts'
import { compressedBlocks } from './decode-compressed.ts'
import { flacBlocks } from './decode-flac.ts'
import { AudioError } from './errors.ts'
import type { LoadOptions } from './load-waveform.ts'
import { mixDown } from './mix-down.ts'
import { parseFlac } from './parse-flac.ts'
import { audioFormat, findPcm, probeAudio } from './probe-audio.ts'
import { createStreamResampler } from './resample-stream.ts'

export const FRAMES_A_BLOCK = 65_536

/**
 * Decodes WAV, AIFF or FLAC block by block, an array a channel: what `decodeAudio` gives, without holding it all.
 *
 * @throws AudioError as `decodeAudio`, the first time that something is asked for
 */
export function* decodeBlocks(bytes: Uint8Array, options: DecodeOptions = {}): Generator<Float32Array[]> {
  const format = audioFormat(bytes)
  if (isCompressed(format)) {
    throw new AudioError('unsupported_encoding', `${format} is decoded by decodeBlocksAsync only`)
  }
  checkLength(bytes, options)
  if (format === 'flac') yield* flacBlocks(bytes, parseFlac(bytes))
  else yield* pcmBlocks(bytes)
}

function* pcmBlocks(bytes: Uint8Array): Generator<Float32Array[]> {
  const layout = findPcm(bytes)
  const { channels, sampleBytes, dataStart } = layout
  for (let first = 0; first < layout.frames; first += FRAMES_A_BLOCK) {
    const block = {
      ...layout,
      dataStart: dataStart + first * sampleBytes * channels,
      frames: Math.min(FRAMES_A_BLOCK, layout.frames - first),
    }
    yield Array.from({ length: channels }, (_, channel) => decodeChannel(bytes, block, channel, first))
  }
}

/**
 * `loadWaveform` for long recordings: mono blocks at the wanted rate, of any length, which together are bit for bit
 * what it gives. Memory does not grow with the recording.
 *
 * @throws AudioError as `decodeBlocks`
 * @example for (const block of streamWaveform(bytes, { maxSeconds: 7200 })) extractor.push(block)
 */
export function* streamWaveform(bytes: Uint8Array, options: LoadOptions = {}): Generator<Float32Array> {
  const { sampleRate = 22_050 } = options
  const resampler = createStreamResampler(probeAudio(bytes).sampleRate, sampleRate)
  for (const channelData of decodeBlocks(bytes, options)) {
    const samples = resampler.push(mixDown({ channelData }))
    if (samples.length > 0) yield samples
  }
  yield resampler.finish()
}

/**
 * `decodeBlocks` for every format: MP3, Ogg Vorbis, Ogg Opus and Opus in WebM too, by codecs that are loaded when they are needed.
 *
 * @throws AudioError (as a rejection) as `decodeAudioAsync`
 */
export async function* decodeBlocksAsync(
  bytes: Uint8Array,
  options: DecodeOptions = {},
): AsyncGenerator<Float32Array[]> {
  const format = audioFormat(bytes)
  if (isCompressed(format)) {
    checkLength(bytes, options)
    yield* joinSmallBlocks(compressedBlocks(bytes, format))
  } else yield* decodeBlocks(bytes, options)
}

/** A packet is 20 ms or so: the resampler would do more work between the packets than on them. */
async function* joinSmallBlocks(blocks: AsyncIterable<Float32Array[]>): AsyncGenerator<Float32Array[]> {
  let waiting: Float32Array[][] = []
  let frames = 0
  for await (const block of blocks) {
    waiting.push(block)
    frames += block[0].length
    if (frames < FRAMES_A_BLOCK) continue
    yield joinBlocks(waiting, frames)
    waiting = []
    frames = 0
  }
  if (frames > 0) yield joinBlocks(waiting, frames)
}

function joinBlocks(blocks: readonly Float32Array[][], frames: number): Float32Array[] {
  return blocks[0].map((_, channel) => {
    const samples = new Float32Array(frames)
    let at = 0
    for (const block of blocks) {
      samples.set(block[channel], at)
      at += block[channel].length
    }
    return samples
  })
}

/**
 * `streamWaveform` for every format: together the blocks are bit for bit what `createAsyncWaveformLoader` gives.
 *
 * @throws AudioError (as a rejection) as `decodeAudioAsync`
 */
export async function* streamWaveformAsync(bytes: Uint8Array, options: LoadOptions = {}): AsyncGenerator<Float32Array> {
  const { sampleRate = 22_050 } = options
  const resampler = createStreamResampler(probeAudio(bytes).sampleRate, sampleRate)
  for await (const channelData of decodeBlocksAsync(bytes, options)) {
    const samples = resampler.push(mixDown({ channelData }))
    if (samples.length > 0) yield samples
  }
  yield resampler.finish()
}
