import { requireRange, requireSampleRate } from './errors.ts'
import { atLevelOf } from './levels.ts'
import { createRealFft, type RealFft } from './real-fft.ts'

export type PerturbVocalTractLengthParams = {
  /** Formants are multiplied by it: above 1 a shorter vocal tract; 0.5 to 2 (usual: 0.9 to 1.1). */
  readonly warp: number
  /** Up to here the axis is warped in full, above it is bent back to end at half the sample rate (default 4800). */
  readonly highestHz?: number | undefined
}

const FRAME_SECONDS = 0.04
/** Quefrencies below this are the envelope: the pitch period of voices up to 450 Hz is longer. */
const LIFTER_SECONDS = 0.0022
/** Where the envelope falls steeply its ratio may be anything; beyond 24 dB it is noise. */
const LARGEST_LOG_GAIN = 24 / (20 * Math.log10(Math.E))

/**
 * Which frequency of the input appears at `hz` of the output: the inverse of the piecewise linear warp of Jaitly and Hinton
 * (Vocal Tract Length Perturbation improves speech recognition, 2013).
 */
export function unwarpFrequency(hz: number, warp: number, highestHz: number, nyquistHz: number): number {
  const bend = highestHz * Math.min(warp, 1)
  if (hz <= bend) return hz / warp
  const source = bend / warp
  return source + ((hz - bend) * (nyquistHz - source)) / (nyquistHz - bend)
}

/** A work space for the frames of one recording. */
type Frames = {
  readonly fft: RealFft
  readonly re: Float64Array
  readonly im: Float64Array
  readonly zeros: Float64Array
  readonly unused: Float64Array
  readonly frame: Float64Array
  readonly envelope: Float64Array
  readonly lifter: number
}

/** The logarithm of the spectrum's envelope, by leaving out the high quefrencies of its cepstrum. */
function measureEnvelope({ fft, re, im, zeros, unused, frame, envelope, lifter }: Frames): void {
  for (let k = 0; k < fft.bins; k++) envelope[k] = 0.5 * Math.log(re[k] * re[k] + im[k] * im[k] + 1e-20)
  fft.inverse(envelope, zeros, frame)
  for (let i = lifter; i <= fft.size - lifter; i++) frame[i] = 0
  fft.forward(frame, envelope, unused)
}

/** Multiplies each bin by the ratio of the warped envelope to the one that it has; phases and harmonics stay. */
function warpEnvelope({ fft, re, im, envelope }: Frames, sources: Float64Array): void {
  for (let k = 0; k < fft.bins; k++) {
    const below = Math.min(Math.floor(sources[k]), fft.bins - 1)
    const above = Math.min(below + 1, fft.bins - 1)
    const wanted = envelope[below] + (envelope[above] - envelope[below]) * (sources[k] - below)
    const factor = Math.exp(Math.max(-LARGEST_LOG_GAIN, Math.min(LARGEST_LOG_GAIN, wanted - envelope[k])))
    re[k] *= factor
    im[k] *= factor
  }
}

function prepareFrames(sampleRate: number): Frames {
  const fft = createRealFft(2 ** Math.max(4, Math.round(Math.log2(FRAME_SECONDS * sampleRate))))
  return {
    fft,
    re: new Float64Array(fft.bins),
    im: new Float64Array(fft.bins),
    zeros: new Float64Array(fft.bins),
    unused: new Float64Array(fft.bins),
    frame: new Float64Array(fft.size),
    envelope: new Float64Array(fft.bins),
    lifter: Math.min(Math.round(LIFTER_SECONDS * sampleRate), fft.size / 2),
  }
}

/**
 * Another speaker's vocal tract on the same utterance: the frequency axis of the spectral envelope is warped in each frame of an STFT
 * (sine windows of about 40 ms, half overlapping), while harmonics keep their places. Pitch, which carries emotion, stays; formants, which
 * carry the speaker, move. Jaitly and Hinton warp the filter bank of the features; on the waveform this is what that amounts to.
 * @returns as many samples at the input's RMS; warp 1 gives the input, silence stays silence.
 */
export function perturbVocalTractLength(
  samples: Float32Array,
  sampleRate: number,
  { warp, highestHz = 4800 }: PerturbVocalTractLengthParams,
): Float32Array {
  requireSampleRate(sampleRate)
  requireRange('warp', warp, 0.5, 2)
  requireRange('highestHz', highestHz, 100, 1_000_000)
  if (warp === 1 || samples.length === 0) return samples.slice()
  const frames = prepareFrames(sampleRate)
  const { fft, frame, re, im } = frames
  const nyquistHz = sampleRate / 2
  const hzPerBin = sampleRate / fft.size
  const bend = Math.min(highestHz, 0.8 * nyquistHz)
  const sources = Float64Array.from(
    { length: fft.bins },
    (_, k) => unwarpFrequency(k * hzPerBin, warp, bend, nyquistHz) / hzPerBin,
  )
  const window = Float64Array.from({ length: fft.size }, (_, i) => Math.sin((Math.PI * (i + 0.5)) / fft.size))
  const output = new Float64Array(samples.length)
  for (let start = -fft.size / 2; start < samples.length; start += fft.size / 2) {
    const from = Math.max(0, -start)
    const to = Math.min(fft.size, samples.length - start)
    frame.fill(0)
    for (let i = from; i < to; i++) frame[i] = window[i] * samples[start + i]
    fft.forward(frame, re, im)
    measureEnvelope(frames)
    warpEnvelope(frames, sources)
    fft.inverse(re, im, frame)
    for (let i = from; i < to; i++) output[start + i] += window[i] * frame[i]
  }
  return atLevelOf(samples, output)
}
