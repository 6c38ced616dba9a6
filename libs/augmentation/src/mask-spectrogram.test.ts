import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { largestDifference } from './make-test-signals.ts'
import { maskFrames } from './mask-frames.ts'
import { maskSpectrogram } from './mask-spectrogram.ts'
import { createRandom } from './random.ts'
import { recipeSchema } from './recipe-schema.ts'

const NOTHING = { timeMasks: 0, timeMaskFrames: 0, frequencyMasks: 0, frequencyMaskBins: 0 }

/** A [frames x bins] matrix whose values are all different and none of them -1. */
function matrixOf(frames: number, bins: number): Float32Array {
  return Float32Array.from({ length: frames * bins }, (_, i) => i + 1)
}

describe('maskSpectrogram', () => {
  it('masks whole frames and whole bins within the limits, and leaves all else', () => {
    const size = fc.integer({ min: 1, max: 40 })
    const count = fc.integer({ min: 0, max: 3 })
    fc.assert(
      fc.property(size, size, count, count, fc.nat(1e6), (frames, bins, timeMasks, frequencyMasks, seed) => {
        const params = { bins, timeMasks, timeMaskFrames: 7, frequencyMasks, frequencyMaskBins: 5, fill: -1 }
        const x = matrixOf(frames, bins)
        const y = maskSpectrogram(x, params, createRandom(seed))
        const masked = (frame: number, bin: number) => y[frame * bins + bin] === -1
        const wholeFrames = Array.from({ length: frames }, (_, f) => f).filter((f) =>
          Array.from({ length: bins }, (_, b) => b).every((b) => masked(f, b)),
        )
        const wholeBins = Array.from({ length: bins }, (_, b) => b).filter((b) =>
          Array.from({ length: frames }, (_, f) => f).every((f) => masked(f, b)),
        )
        const inMask = (i: number) => wholeFrames.includes(Math.floor(i / bins)) || wholeBins.includes(i % bins)
        expect(
          largestDifference(
            y,
            x.map((value, i) => (inMask(i) ? -1 : value)),
          ),
        ).toBe(0)
        if (wholeBins.length < bins) expect(wholeFrames.length).toBeLessThanOrEqual(7 * timeMasks)
        if (wholeFrames.length < frames) expect(wholeBins.length).toBeLessThanOrEqual(5 * frequencyMasks)
      }),
    )
  })

  it('masks no larger share of the frames than allowed, whatever the longest mask', () => {
    for (let seed = 0; seed < 50; seed++) {
      const params = { ...NOTHING, bins: 4, timeMasks: 1, timeMaskFrames: 100, timeMaskShare: 0.2, fill: -1 }
      const y = maskSpectrogram(matrixOf(20, 4), params, createRandom(seed))
      expect(y.filter((value) => value === -1).length).toBeLessThanOrEqual(16)
    }
  })

  it('fills with the mean of each bin unless told otherwise, and keeps its input', () => {
    const x = Float32Array.of(1, 2, 3, 6)
    const params = { ...NOTHING, bins: 2, timeMasks: 1, timeMaskFrames: 2 }
    const seed = Array.from({ length: 100 }, (_, i) => i).find(
      (i) => maskSpectrogram(x, params, createRandom(i)).join() === '2,4,2,4',
    )
    expect(seed).toBeDefined()
    expect([...x]).toEqual([1, 2, 3, 6])
  })

  it('gives the input without masks, and for no frames', () => {
    const x = matrixOf(3, 5)
    expect(maskSpectrogram(x, { ...NOTHING, bins: 5 }, createRandom(1))).toEqual(x)
    expect(
      maskSpectrogram(new Float32Array(0), { ...NOTHING, bins: 5, timeMasks: 2, timeMaskFrames: 9 }, createRandom(1))
        .length,
    ).toBe(0)
  })

  it('refuses what is no matrix', () => {
    expect(() => maskSpectrogram(matrixOf(1, 5), { ...NOTHING, bins: 3 }, createRandom(1))).toThrow(
      'whole number of frames',
    )
  })
})

describe('maskFrames', () => {
  const recipe = recipeSchema.parse({
    name: 'masks',
    version: 1,
    steps: [],
    frames: { timeMasks: 2, timeMaskFrames: 5, frequencyMasks: 2, frequencyMaskBins: 5 },
  })
  const x = matrixOf(30, 20)

  it('repeats with its seed', () => {
    const masked = maskFrames(x, { bins: 20, recipe, seed: 'ab' })
    expect(masked).not.toEqual(x)
    expect(maskFrames(x, { bins: 20, recipe, seed: 'ab' })).toEqual(masked)
  })

  it('leaves the frames to a recipe without masks', () => {
    expect(
      maskFrames(x, { bins: 20, recipe: recipeSchema.parse({ name: 'a', version: 1, steps: [] }), seed: 1 }),
    ).toEqual(x)
  })
})
