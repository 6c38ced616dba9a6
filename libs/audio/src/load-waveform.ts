import {
  decodeAudioAsync,
  decodeInto,
  isCompressed,
  type DecodedAudio,
  type DecodeOptions,
  type SampleMemory,
} from './decode-audio.ts'
import { AudioError } from './errors.ts'
import { keepMemory, type Allocate } from './keep-memory.ts'
import { mixDown } from './mix-down.ts'
import { checkRate } from './pcm-layout.ts'
import { audioFormat } from './probe-audio.ts'
import { createPcm16Reader } from './read-pcm16.ts'
import { createResampler, type Resampler } from './resample.ts'

export type LoadOptions = DecodeOptions & {
  /** Hz of the result; librosa.load's default is 22050. */
  readonly sampleRate?: number
}

/** Mono samples, full scale 1. */
export type Waveform = { readonly samples: Float32Array; readonly sampleRate: number }

export type WaveformLoader = (bytes: Uint8Array) => Waveform
export type AsyncWaveformLoader = (bytes: Uint8Array) => Promise<Waveform>

/** Loads a recording and gives what `use` makes of it; the samples are valid until `use` returns. */
export type WaveformReader = <T>(bytes: Uint8Array, use: (waveform: Waveform) => T) => Promise<T>

// Rates that a corpus mixes are few; a table takes up to half a megabyte.
const KEPT_RESAMPLERS = 8

/**
 * Makes librosa.load(sr=sampleRate, mono=True, res_type='soxr_hq') for many recordings: decode, mean of the channels,
 * then resample to ceil(n * ratio) samples. The resamplers' tables are kept from one recording to the next.
 * Takes WAV, AIFF and FLAC; `createAsyncWaveformLoader` takes MP3 and Ogg besides.
 */
export function createWaveformLoader(options: LoadOptions = {}): WaveformLoader {
  const mixer = createMixer(options)
  return (bytes) => explained(() => mixer.load(bytes))
}

/** The same for every format; codecs are loaded when a recording needs them. */
export function createAsyncWaveformLoader(options: LoadOptions = {}): AsyncWaveformLoader {
  const mixer = createMixer(options)
  // Uncompressed recordings are through before another can begin, which the memory of a mixer asks for.
  return async (bytes) => {
    if (!isCompressed(audioFormat(bytes))) return explained(() => mixer.load(bytes))
    const audio = await decodeAudioAsync(bytes, options).catch(rethrowExplained)
    return explained(() => mixer.mix(audio))
  }
}

/**
 * The same for a caller that is through with the samples at once, which spares each recording its own memory: that
 * takes a quarter of the time from bytes to features.
 *
 * @example const vector = await read(bytes, ({ samples }) => extractor.extract(samples))
 */
export function createWaveformReader(options: LoadOptions = {}): WaveformReader {
  const mixer = createMixer(options)
  const allocate = keepMemory()
  return async (bytes, use) => {
    if (!isCompressed(audioFormat(bytes))) return use(explained(() => mixer.load(bytes, allocate)))
    const audio = await decodeAudioAsync(bytes, options).catch(rethrowExplained)
    return use(explained(() => mixer.mix(audio, allocate)))
  }
}

type Mixer = {
  mix(audio: DecodedAudio, allocate?: Allocate): Waveform
  /** Decodes what needs no codec, then mixes. */
  load(bytes: Uint8Array, allocate?: Allocate): Waveform
}

function createMixer(options: LoadOptions): Mixer {
  const { sampleRate = 22_050 } = options
  checkRate(sampleRate)
  const resamplers = new Map<number, Resampler>()
  // For the samples between decoding and resampling.
  const channels: Allocate[] = []
  const memory: SampleMemory = {
    allocate: (frames, channel) => (channels[channel] ??= keepMemory())(frames),
    readPcm16: createPcm16Reader(),
  }

  function resamplerFrom(rate: number): Resampler {
    const known = resamplers.get(rate)
    if (known) return known
    const [oldest] = resamplers.keys()
    if (resamplers.size >= KEPT_RESAMPLERS && oldest !== undefined) resamplers.delete(oldest)
    const made = createResampler(rate, sampleRate)
    resamplers.set(rate, made)
    return made
  }

  function mix(audio: DecodedAudio, allocate?: Allocate): Waveform {
    return { samples: resamplerFrom(audio.sampleRate)(mixDown(audio), allocate), sampleRate }
  }

  return {
    mix,
    load(bytes, allocate) {
      const audio = decodeInto(bytes, options, memory)
      const waveform = mix(audio, allocate)
      // Neither mixed nor resampled: still the memory of the next recording.
      const isKept = allocate === undefined && waveform.samples === audio.channelData[0]
      return isKept ? { ...waveform, samples: waveform.samples.slice() } : waveform
    },
  }
}

function explained<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    return rethrowExplained(error)
  }
}

function rethrowExplained(error: unknown): never {
  throw explain(error)
}

function explain(error: unknown): unknown {
  // An array or the kernels' memory could not become that large.
  if (!(error instanceof RangeError)) return error
  return new AudioError('too_long', 'the recording does not fit into memory; cut it into shorter ones', error)
}

/**
 * librosa.load of one recording; `createWaveformLoader` saves the resampler's tables for many.
 *
 * @throws AudioError as `decodeAudio`, and `too_long`
 * @example const { samples } = loadWaveform(bytes, { sampleRate: 22050 })
 */
export function loadWaveform(bytes: Uint8Array, options: LoadOptions = {}): Waveform {
  return createWaveformLoader(options)(bytes)
}
