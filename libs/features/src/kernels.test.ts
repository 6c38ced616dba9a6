import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createExtractor } from './create-extractor.ts'
import { defaultFeatureSpec } from './feature-spec.ts'
import { loadKernels } from './kernels.ts'
import { createReferenceExtractor } from './reference-extractor.ts'

const specs = fc.record({
  nFft: fc.constantFrom(64, 128, 512, 2048),
  hopLength: fc.integer({ min: 16, max: 600 }),
  nMels: fc.integer({ min: 13, max: 130 }),
})
const recordings = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  count: fc.integer({ min: 1, max: 6000 }),
  quietFrom: fc.integer({ min: 0, max: 6000 }),
})

function recording({ seed, count, quietFrom }: { seed: number; count: number; quietFrom: number }): Float32Array {
  let state = seed
  return Float32Array.from({ length: count }, (_, n) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (n < quietFrom ? 1 : 1e-5) * (state / 2 ** 31 - 1)
  })
}

function expectNearly(actual: Float32Array, expected: Float32Array): void {
  expect(actual.length).toBe(expected.length)
  // Both compute in float64; sums in another order may round to the neighbouring float32.
  actual.forEach((value, i) => {
    expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(2e-7 * Math.max(Math.abs(expected[i]), 1e-12))
  })
}

describe('the kernels', () => {
  it('are in use here', () => {
    expect(loadKernels()).toBeDefined()
  })

  it('give what the plain TypeScript gives, for any spec and recording', () => {
    fc.assert(
      fc.property(specs, fc.array(recordings, { minLength: 1, maxLength: 3 }), (change, all) => {
        const spec = { ...defaultFeatureSpec, ...change, nMfcc: 13 }
        const extractor = createExtractor(spec)
        const reference = createReferenceExtractor(spec)
        for (const one of all) {
          const samples = recording(one)
          const [actual, expected] = [extractor.extract(samples), reference.extract(samples)]
          expectNearly(actual.subarray(0, spec.nMels), expected.subarray(0, spec.nMels))
          // An MFCC near zero is a difference of large dB values.
          expected.forEach((value, i) =>
            expect(Math.abs(actual[i] - value)).toBeLessThan(1e-6 * Math.max(1, Math.abs(value))),
          )
          const frames = extractor.extractFrames(samples)
          const expectedFrames = reference.extractFrames(samples)
          expectNearly(frames.mel, expectedFrames.mel)
          expectNearly(frames.rms, expectedFrames.rms)
          expect(frames.zcr).toEqual(expectedFrames.zcr)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('grow their memory for a long recording and stay right for a short one after it', () => {
    const extractor = createExtractor()
    const reference = createReferenceExtractor()
    for (const count of [3000, 1_500_000, 3000]) {
      const samples = recording({ seed: 5, count, quietFrom: count })
      const [actual, expected] = [extractor.extract(samples), reference.extract(samples)]
      expected.forEach((value, i) =>
        expect(Math.abs(actual[i] - value)).toBeLessThan(1e-6 * Math.max(1, Math.abs(value))),
      )
    }
  })

  it('are what assembly/*.ts compiles to', { timeout: 120_000 }, async () => {
    const script = join(import.meta.dirname, '../build-kernels.mjs')
    await expect(promisify(execFile)(process.execPath, [script, '--check'])).resolves.toBeDefined()
  })
})
