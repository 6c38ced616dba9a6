import { complexFft } from '@ser/kernels'
import { hannWindow } from '../hann-window.ts'
import { powerSpectrum } from '../power-spectrum.ts'
import { VOICE_HOP, VOICE_RATE } from './voice-spec.ts'

/** 40 ms. */
export const WINDOW_SAMPLES = 640
export const N_FFT = 2048
const HALF = N_FFT / 2
/** Hz between two bins of a frame's power spectrum. */
export const PITCH_BIN_HZ = VOICE_RATE / N_FFT
/** Lags are known from 0 to below this one. */
export const LAGS = 232
/** Every 8th bin: a transform of this size gives 256 lags. */
export const COMB = 256
const TEETH = N_FFT / COMB

/** Passes over the frames of a recording, in their order. */
export type CorrelateFrames = (
  samples: Float32Array,
  frames: number,
  visit: (frame: CorrelatedFrame, number: number) => void,
) => void

/** Valid until the next frame. */
export type CorrelatedFrame = {
  /** Power of bins 0 to 1024. */
  readonly power: Float64Array
  /** The normalised autocorrelation at lags of 0 to 231 samples. */
  readonly full: Float64Array
  /** The same of the frame between 50 and 1500 Hz, in which pitch is looked for. */
  readonly low: Float64Array
  /** The largest magnitude in the frame, less its mean. */
  readonly peak: number
}

/**
 * Makes the autocorrelation of the frames of a recording: each is windowed, and its autocorrelation divided by the window's
 * own, which makes that of a periodic sound 1 at its period (Boersma 1993, Accurate short-term analysis of the fundamental
 * frequency and the harmonics-to-noise ratio of a sampled sound, IFA Proceedings 17).
 */
export function createFrameCorrelator(): CorrelateFrames {
  const window = hannWindow(WINDOW_SAMPLES)
  const correction = correlateWindow()
  const passBand = passBandGains()
  const centred = new Float64Array(WINDOW_SAMPLES)
  const packed = { re: new Float64Array(HALF), im: new Float64Array(HALF) }
  const power = new Float64Array(HALF + 1)
  const filtered = new Float64Array(HALF + 1)
  const toPower = powerSpectrum(N_FFT)
  const toLags = createLagTransform()
  const frameOf = { power, full: new Float64Array(LAGS), low: new Float64Array(LAGS), peak: 0 }
  return (samples, frames, visit) => {
    for (let frame = 0; frame < frames; frame++) {
      frameOf.peak = centre(samples, frame * VOICE_HOP - WINDOW_SAMPLES / 2, centred)
      packed.re.fill(0, WINDOW_SAMPLES / 2)
      packed.im.fill(0, WINDOW_SAMPLES / 2)
      for (let i = 0; i < WINDOW_SAMPLES; i += 2) {
        packed.re[i >> 1] = centred[i] * window[i]
        packed.im[i >> 1] = centred[i + 1] * window[i + 1]
      }
      toPower(packed, power)
      for (let bin = 0; bin <= HALF; bin++) filtered[bin] = power[bin] * passBand[bin]
      toLags(power, filtered, frameOf)
      normalise(frameOf.full, correction)
      normalise(frameOf.low, correction)
      visit(frameOf, frame)
    }
  }
}

/** Copies a frame, with zeros beyond the recording, less its mean; returns the largest magnitude. */
function centre(samples: Float32Array, start: number, frame: Float64Array): number {
  const from = Math.max(0, -start)
  const end = Math.min(frame.length, samples.length - start)
  frame.fill(0, 0, from)
  frame.fill(0, end)
  let sum = 0
  for (let i = from; i < end; i++) {
    const sample = samples[start + i]
    frame[i] = sample
    sum += sample
  }
  const mean = sum / frame.length
  let peak = 0
  for (let i = 0; i < frame.length; i++) {
    const sample = frame[i] - mean
    frame[i] = sample
    if (sample > peak) peak = sample
    else if (-sample > peak) peak = -sample
  }
  return peak
}

/** Of every bin, Butterworth's magnitude squared, of the fourth order at 1500 Hz, and its mirror image at 50 Hz. */
export function passBandGains(): Float64Array {
  return Float64Array.from({ length: HALF + 1 }, (_, bin) => {
    const hz = bin * PITCH_BIN_HZ
    return 1 / (1 + (hz / 1500) ** 8) / (1 + (50 / Math.max(hz, 1)) ** 8)
  })
}

/** The window's own normalised autocorrelation. */
export function correlateWindow(): Float64Array {
  const window = hannWindow(WINDOW_SAMPLES)
  const sums = Float64Array.from({ length: LAGS }, (_, lag) => {
    let sum = 0
    for (let i = lag; i < window.length; i++) sum += window[i] * window[i - lag]
    return sum
  })
  return sums.map((sum) => sum / sums[0])
}

function normalise(correlation: Float64Array, correction: Float64Array): void {
  const energy = correlation[0] + 1e-12
  for (let lag = 0; lag < LAGS; lag++) correlation[lag] /= energy * correction[lag]
}

/**
 * The inverse transforms of two spectra that are real and even, at the lowest lags only.
 *
 * One is taken as the real part and the other as the imaginary part, which keeps them apart, because both have real
 * inverses. Of bins k = q + 8 m those with the same q have a transform F_q of 256 points each; lag l is the sum over q of
 * exp(2 pi i q l / 2048) F_q[l]. As the spectrum is even, the bins of 8 - q are those of q backwards, so that five of the
 * eight transforms suffice.
 */
function createLagTransform() {
  const transform = complexFft(COMB)
  const data = { re: new Float64Array(COMB), im: new Float64Array(COMB) }
  const teeth = lagTurns()
  return (
    first: Float64Array,
    second: Float64Array,
    { full, low }: { full: Float64Array; low: Float64Array },
  ): void => {
    full.fill(0)
    low.fill(0)
    for (const [tooth, { cos, sin }] of teeth.entries()) {
      for (let m = 0; m < COMB; m++) {
        const bin = tooth + TEETH * m
        const folded = bin <= HALF ? bin : N_FFT - bin
        data.re[m] = first[folded]
        data.im[m] = second[folded]
      }
      const { re, im } = transform(data)
      if (tooth === 0 || tooth === TEETH / 2) {
        for (let lag = 0; lag < LAGS; lag++) {
          full[lag] += re[lag] * cos[lag] + im[lag] * sin[lag]
          low[lag] += im[lag] * cos[lag] - re[lag] * sin[lag]
        }
        continue
      }
      for (let lag = 0; lag < LAGS; lag++) {
        const back = (COMB - lag) & (COMB - 1)
        full[lag] += (re[lag] + re[back]) * cos[lag] + (im[lag] - im[back]) * sin[lag]
        low[lag] += (im[lag] + im[back]) * cos[lag] - (re[lag] - re[back]) * sin[lag]
      }
    }
  }
}

/** For each tooth the cosine and sine of every lag, over the transform's size. */
export function lagTurns(): { readonly cos: Float64Array; readonly sin: Float64Array }[] {
  return Array.from({ length: TEETH / 2 + 1 }, (_, tooth) => ({
    cos: Float64Array.from({ length: LAGS }, (_lag, lag) => Math.cos((2 * Math.PI * tooth * lag) / N_FFT) / N_FFT),
    sin: Float64Array.from({ length: LAGS }, (_lag, lag) => Math.sin((2 * Math.PI * tooth * lag) / N_FFT) / N_FFT),
  }))
}
