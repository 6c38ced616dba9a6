import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { extractFeatures } from './extract-features.ts'
import { defaultFeatureSpec } from './feature-spec.ts'
import { createStreamingExtractor, type StreamingExtractor } from './streaming-extractor.ts'

/** Noise that is loudest at its end, so that the last frame decides what MFCC cut off in the first. */
function swelling(count: number): Float32Array {
  let state = 3
  return Float32Array.from({ length: count }, (_, n) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state / 2 ** 31 - 1) * 10 ** ((5 * n) / count - 5)
  })
}

function inBlocks(extractor: StreamingExtractor, samples: Float32Array, lengths: readonly number[]): Float32Array {
  for (let at = 0, turn = 0; at < samples.length; turn++) {
    const length = lengths[turn % lengths.length]
    extractor.push(samples.subarray(at, at + length))
    at += length
  }
  return extractor.finish()
}

function expectSame(actual: Float32Array, expected: Float32Array, nMels = 128): void {
  expect(actual.length).toBe(expected.length)
  // Mel values are kept in float32, 6e-8 of each, and the result is float32 too.
  for (let i = 0; i < expected.length; i++) {
    expect(Math.abs(actual[i] - expected[i])).toBeLessThanOrEqual(
      1e-6 * Math.max(Math.abs(expected[i]), i < nMels ? 0 : 1),
    )
  }
}

describe('createStreamingExtractor', () => {
  it.each([1, 511, 512, 2047, 2048, 30_000, 400_000])('gives what the whole recording gives: %i samples', (count) => {
    const samples = swelling(count)
    const expected = extractFeatures(samples)
    const extractor = createStreamingExtractor()
    for (const lengths of [[count], [4096], [700, 0, 12_345, 1]])
      expectSame(inBlocks(extractor, samples, lengths), expected)
  })

  it('does so for other specs and blocks', () => {
    const spec = fc.record({
      nFft: fc.constantFrom(256, 1024, 4096),
      hopLength: fc.integer({ min: 100, max: 3000 }),
      nMels: fc.constantFrom(21, 64),
      nMfcc: fc.constantFrom(5, 13),
    })
    const lengths = fc.array(fc.integer({ min: 1000, max: 90_000 }), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(spec, lengths, fc.integer({ min: 1, max: 90_000 }), (change, blocks, count) => {
        const chosen = { ...defaultFeatureSpec, ...change }
        const samples = swelling(count)
        const expected = extractFeatures(samples, chosen)
        expectSame(inBlocks(createStreamingExtractor(chosen), samples, blocks), expected, chosen.nMels)
      }),
      { numRuns: 20 },
    )
  })

  it('keeps to its bound: an hour in less memory than its samples would take', { timeout: 60_000 }, () => {
    const extractor = createStreamingExtractor()
    const minute = swelling(60 * 22_050)
    const before = process.memoryUsage()
    let most = 0
    for (let i = 0; i < 60; i++) {
      extractor.push(minute)
      const now = process.memoryUsage()
      most = Math.max(most, now.arrayBuffers - before.arrayBuffers)
    }
    expect(extractor.finish().length).toBe(170)
    // Kept: 155,040 frames of 128 float32, 79 MB. What was let go of and not yet collected comes on top.
    expect(most).toBeLessThan(160e6)
  })

  it('refuses what is too long, not finite or nothing', () => {
    const extractor = createStreamingExtractor(defaultFeatureSpec, { maxSeconds: 1 })
    expect(() => extractor.push(new Float32Array(22_051))).toThrow(expect.objectContaining({ code: 'too_long' }))
    expect(() => createStreamingExtractor().finish()).toThrow(expect.objectContaining({ code: 'empty' }))
    const broken = createStreamingExtractor()
    broken.push(Float32Array.of(0, Number.NaN))
    expect(() => broken.finish()).toThrow(expect.objectContaining({ code: 'not_finite' }))
  })
})
