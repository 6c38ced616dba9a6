import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blockLength, blockSums, frameLevels } from './block-sums.ts'
import { defaultFeatureSpec } from './feature-spec.ts'

/** librosa's definition, word for word. */
function slowLevels(samples: Float32Array, frame: number, nFft: number, hopLength: number): [number, number] {
  const start = frame * hopLength - nFft / 2
  const edge = (n: number): number => samples[Math.max(0, Math.min(samples.length - 1, n))]
  const negative = (n: number): boolean => edge(n) < -1e-10
  let crossings = 0
  let squares = 0
  for (let n = start; n < start + nFft; n++) {
    if (n > start && negative(n) !== negative(n - 1)) crossings++
    if (n >= 0 && n < samples.length) squares += samples[n] ** 2
  }
  return [crossings / nFft, Math.sqrt(squares / nFft)]
}

describe('frameLevels', () => {
  it('equals the definition for any length, frame and hop', () => {
    const sample = fc.constantFrom(0.5, -0.5, 0, -1e-11, 1e-11, -0.001, 0.25)
    fc.assert(
      fc.property(
        fc.array(sample, { minLength: 1, maxLength: 700 }),
        fc.constantFrom(64, 128, 256),
        fc.integer({ min: 16, max: 300 }),
        (values, nFft, hopLength) => {
          const samples = Float32Array.from(values)
          const spec = { ...defaultFeatureSpec, nFft, hopLength }
          const sums = blockSums(samples, blockLength(spec))
          for (let frame = 0; frame <= Math.floor(samples.length / hopLength); frame++) {
            const [zeroCrossingRate, rms] = slowLevels(samples, frame, nFft, hopLength)
            const levels = frameLevels(sums, frame, spec)
            expect(levels.zeroCrossingRate).toBe(zeroCrossingRate)
            expect(levels.rms).toBeCloseTo(rms, 12)
          }
        },
      ),
    )
  })
})
