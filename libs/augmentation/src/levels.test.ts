import { describe, expect, it } from 'vitest'
import { percentileOfSorted, rms } from './levels.ts'
import { sine, whiteNoise } from './make-test-signals.ts'
import { measureActiveLevel } from './measure-active-level.ts'

describe('percentileOfSorted', () => {
  it('interpolates as numpy.percentile does', () => {
    const sorted = Float32Array.of(1, 2, 3, 4)
    expect([0, 25, 40, 50, 100].map((percent) => percentileOfSorted(sorted, percent))).toEqual([
      1,
      1.75,
      expect.closeTo(2.2, 6),
      2.5,
      4,
    ])
  })
})

describe('measureActiveLevel', () => {
  it('is the RMS where speech is active throughout', () => {
    const steady = sine(500, 3, 16_000)
    expect(measureActiveLevel(steady, 16_000) / rms(steady)).toBeCloseTo(1, 1)
  })

  it('leaves pauses out: a burst followed by a long silence measures about as the burst', () => {
    const burst = whiteNoise(32_000, 1, 0.1)
    const withPause = new Float32Array(160_000)
    withPause.set(burst, 16_000)
    const difference = 20 * Math.log10(measureActiveLevel(withPause, 16_000) / rms(burst))
    // The 200 ms hangover counts as active: 10 log10(2 / 2.2) = -0.4 dB, and the smoothing a little more.
    expect(difference).toBeGreaterThan(-0.8)
    expect(difference).toBeLessThan(0.3)
    expect(20 * Math.log10(rms(withPause) / rms(burst))).toBeCloseTo(-7, 0)
  })

  it('scales with the recording, and is 0 for silence', () => {
    const noise = whiteNoise(16_000, 2)
    const quiet = noise.map((value) => value / 1000)
    expect(measureActiveLevel(quiet, 16_000) / measureActiveLevel(noise, 16_000)).toBeCloseTo(0.001, 6)
    expect(measureActiveLevel(new Float32Array(100), 16_000)).toBe(0)
    expect(measureActiveLevel(new Float32Array(0), 16_000)).toBe(0)
  })
})
