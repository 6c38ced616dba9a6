import { powerOfTwoAtLeast } from './fft.ts'
import { requireSampleRate } from './errors.ts'
import { createRealFft } from './real-fft.ts'

export type AverageSpectrum = {
  /** Mean power in each bin from 0 Hz to half the sample rate, both included. */
  readonly power: Float64Array
  readonly hzPerBin: number
}

const WINDOW_SECONDS = 0.032

/**
 * Long-term average spectrum of recordings (periodic Hann windows of 32 ms or a little more, one after the other, powers averaged over all
 * windows of all recordings: Welch 1967). A recording shorter than a window is padded with zeros.
 */
export function measureAverageSpectrum(recordings: readonly Float32Array[], sampleRate: number): AverageSpectrum {
  requireSampleRate(sampleRate)
  const fft = createRealFft(powerOfTwoAtLeast(WINDOW_SECONDS * sampleRate))
  const window = Float64Array.from({ length: fft.size }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / fft.size))
  const work = new Float64Array(fft.size)
  const re = new Float64Array(fft.bins)
  const im = new Float64Array(fft.bins)
  const power = new Float64Array(fft.bins)
  let windows = 0
  for (const recording of recordings) {
    const last = Math.max(0, recording.length - fft.size)
    for (let start = 0; start <= last; start += fft.size) {
      const end = Math.min(fft.size, recording.length - start)
      for (let i = 0; i < end; i++) work[i] = window[i] * recording[start + i]
      work.fill(0, end)
      fft.forward(work, re, im)
      for (let k = 0; k < fft.bins; k++) power[k] += re[k] * re[k] + im[k] * im[k]
      windows++
    }
  }
  return { power: power.map((sum) => sum / Math.max(1, windows)), hzPerBin: sampleRate / fft.size }
}
