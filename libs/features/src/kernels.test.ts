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

/** The largest difference, each over what is allowed at its place; one assertion, because a million take minutes. */
function expectWithin(actual: Float32Array, expected: Float32Array, allowed: (value: number) => number): void {
  expect(actual.length).toBe(expected.length)
  let worst = 0
  for (let i = 0; i < expected.length; i++) {
    const excess = Math.abs(actual[i] - expected[i]) / allowed(expected[i])
    // Zero over zero is equal; what is not a number is not.
    if (actual[i] !== expected[i] && !(excess <= worst)) worst = excess
  }
  expect(worst).toBeLessThanOrEqual(1)
}

/** RMS: float64 on both sides, then float32. */
function expectNearly(actual: Float32Array, expected: Float32Array): void {
  expectWithin(actual, expected, (value) => 2e-7 * value)
}

/**
 * The kernels compute in float32: every term of a frame's transform is rounded, so that each amplitude, the root of a
 * power, is off by a share of the loudest one, however quiet it is itself.
 */
function expectNearlyPower(actual: Float32Array, expected: Float32Array): void {
  const loudest = Math.sqrt(expected.reduce((most, value) => Math.max(most, value), 0))
  expectWithin(actual.map(Math.sqrt), expected.map(Math.sqrt), (amplitude) => 1e-6 * amplitude + 3e-7 * loudest)
}

/** dB and what the DCT makes of them; an MFCC near zero is a difference of large values. */
function expectNearlyDb(actual: Float32Array, expected: Float32Array, tolerance: number): void {
  expectWithin(actual, expected, (value) => tolerance * Math.max(1, Math.abs(value)))
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
          expectNearlyPower(actual.subarray(0, spec.nMels), expected.subarray(0, spec.nMels))
          expectNearlyDb(actual.subarray(spec.nMels, -2), expected.subarray(spec.nMels, -2), 5e-5)
          expectNearly(actual.subarray(-1), expected.subarray(-1))
          expect(actual.at(-2)).toBe(expected.at(-2))
          const frames = extractor.extractFrames(samples)
          const expectedFrames = reference.extractFrames(samples)
          expectNearlyPower(frames.mel, expectedFrames.mel)
          expectNearlyDb(frames.mfcc, expectedFrames.mfcc, 3e-4)
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
      expectNearlyPower(actual.subarray(0, 128), expected.subarray(0, 128))
      expectNearlyDb(actual.subarray(128), expected.subarray(128), 1e-5)
    }
  })

  it('are what assembly/*.ts compiles to', { timeout: 120_000 }, async () => {
    const script = join(import.meta.dirname, '../build-kernels.mjs')
    await expect(promisify(execFile)(process.execPath, [script, '--check'])).resolves.toBeDefined()
  })
})
