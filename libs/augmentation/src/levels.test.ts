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

/** The active level of noise whose second half is softer by some dB, in dB relative to its first half. */
function levelWithSoftHalf(db: number): number {
  const noise = whiteNoise(96_000, 3, 0.1)
  for (let i = 48_000; i < 96_000; i++) noise[i] *= 10 ** (db / 20)
  return 20 * Math.log10(measureActiveLevel(noise, 16_000) / rms(noise.subarray(0, 48_000)))
}

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

  it('counts a passage 10 dB softer as active, and one 26 dB softer as pause: the margin is 15.9 dB', () => {
    // Both halves: 10 log10((1 + 0.1) / 2). The loud one alone: 0 dB, less the 200 ms of hangover (0.3 dB).
    expect(Math.abs(levelWithSoftHalf(-10) + 2.6)).toBeLessThan(0.2)
    expect(Math.abs(levelWithSoftHalf(-26) + 0.3)).toBeLessThan(0.3)
  })

  it('scales with the recording, and is 0 for silence', () => {
    const noise = whiteNoise(16_000, 2)
    const quiet = noise.map((value) => value / 1000)
    expect(measureActiveLevel(quiet, 16_000) / measureActiveLevel(noise, 16_000)).toBeCloseTo(0.001, 6)
    expect(measureActiveLevel(new Float32Array(100), 16_000)).toBe(0)
    expect(measureActiveLevel(new Float32Array(0), 16_000)).toBe(0)
  })
})
