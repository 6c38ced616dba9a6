import { decodeAudio, decodeAudioAsync, type DecodedAudio, type DecodeOptions } from './decode-audio.ts'
import { AudioError } from './errors.ts'
import { mixDown } from './mix-down.ts'
import { checkRate } from './pcm-layout.ts'
import { createResampler, type Resampler } from './resample.ts'

export type LoadOptions = DecodeOptions & {
  /** Hz of the result; librosa.load's default is 22050. */
  readonly sampleRate?: number
}

/** Mono samples, full scale 1. */
export type Waveform = { readonly samples: Float32Array; readonly sampleRate: number }

export type WaveformLoader = (bytes: Uint8Array) => Waveform
export type AsyncWaveformLoader = (bytes: Uint8Array) => Promise<Waveform>

// Rates that a corpus mixes are few; a table takes up to half a megabyte.
const KEPT_RESAMPLERS = 8

/**
 * Makes librosa.load(sr=sampleRate, mono=True, res_type='soxr_hq') for many recordings: decode, mean of the channels,
 * then resample to ceil(n * ratio) samples. The resamplers' tables are kept from one recording to the next.
 * Takes WAV, AIFF and FLAC; `createAsyncWaveformLoader` takes MP3 and Ogg besides.
 */
export function createWaveformLoader(options: LoadOptions = {}): WaveformLoader {
  const toWaveform = createMixer(options)
  return (bytes) => {
    try {
      return toWaveform(decodeAudio(bytes, options))
    } catch (error) {
      throw explain(error)
    }
  }
}

/** The same for every format; codecs are loaded when a recording needs them. */
export function createAsyncWaveformLoader(options: LoadOptions = {}): AsyncWaveformLoader {
  const toWaveform = createMixer(options)
  return async (bytes) => {
    try {
      return toWaveform(await decodeAudioAsync(bytes, options))
    } catch (error) {
      throw explain(error)
    }
  }
}

function createMixer({ sampleRate = 22_050 }: LoadOptions): (audio: DecodedAudio) => Waveform {
  checkRate(sampleRate)
  const resamplers = new Map<number, Resampler>()

  function resamplerFrom(rate: number): Resampler {
    const known = resamplers.get(rate)
    if (known) return known
    const [oldest] = resamplers.keys()
    if (resamplers.size >= KEPT_RESAMPLERS && oldest !== undefined) resamplers.delete(oldest)
    const made = createResampler(rate, sampleRate)
    resamplers.set(rate, made)
    return made
  }

  return (audio) => ({ samples: resamplerFrom(audio.sampleRate)(mixDown(audio)), sampleRate })
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
