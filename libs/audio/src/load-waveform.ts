import { decodeAudio } from './decode-audio.ts'
import { AudioError } from './errors.ts'
import { mixDown } from './mix-down.ts'
import { checkRate } from './pcm-layout.ts'
import { probeAudio } from './probe-audio.ts'
import { createResampler, type Resampler } from './resample.ts'

/** Ten minutes: what a recording may last unless the caller says otherwise. It is held in memory as a whole. */
export const DEFAULT_MAX_SECONDS = 600

export type LoadOptions = {
  /** Hz of the result; librosa.load's default is 22050. */
  readonly sampleRate?: number
  /** Recordings that last longer are refused before they are decoded. */
  readonly maxSeconds?: number
}

/** Mono samples, full scale 1. */
export type Waveform = { readonly samples: Float32Array; readonly sampleRate: number }

export type WaveformLoader = (bytes: Uint8Array) => Waveform

// Rates that a corpus mixes are few; a table takes up to half a megabyte.
const KEPT_RESAMPLERS = 8

/**
 * Makes librosa.load(sr=sampleRate, mono=True, res_type='soxr_hq') for many recordings: decode, mean of the channels,
 * then resample to ceil(n * ratio) samples. The resamplers' tables are kept from one recording to the next.
 */
export function createWaveformLoader(options: LoadOptions = {}): WaveformLoader {
  const { sampleRate = 22_050, maxSeconds = DEFAULT_MAX_SECONDS } = options
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

  return (bytes) => {
    const info = probeAudio(bytes)
    const seconds = info.frames / info.sampleRate
    if (seconds > maxSeconds) {
      throw new AudioError(
        'too_long',
        `the recording lasts ${Math.round(seconds)} s, more than the ${maxSeconds} s allowed; cut it into shorter ones`,
      )
    }
    try {
      return { samples: resamplerFrom(info.sampleRate)(mixDown(decodeAudio(bytes))), sampleRate }
    } catch (error) {
      // An array or the kernels' memory could not become that large.
      if (!(error instanceof RangeError)) throw error
      throw new AudioError(
        'too_long',
        `the recording (${Math.round(seconds)} s) does not fit into memory; cut it`,
        error,
      )
    }
  }
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
