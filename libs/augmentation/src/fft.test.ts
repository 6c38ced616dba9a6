import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { convolve } from './convolve.ts'
import { createFft, powerOfTwoAtLeast } from './fft.ts'
import { largestDifference, whiteNoise } from './make-test-signals.ts'
import { createRealFft } from './real-fft.ts'

function slowTransform(re: Float64Array, im: Float64Array, bin: number): [number, number] {
  let sumRe = 0
  let sumIm = 0
  for (let n = 0; n < re.length; n++) {
    const angle = (-2 * Math.PI * bin * n) / re.length
    sumRe += re[n] * Math.cos(angle) - im[n] * Math.sin(angle)
    sumIm += re[n] * Math.sin(angle) + im[n] * Math.cos(angle)
  }
  return [sumRe, sumIm]
}

describe('createFft', () => {
  it.each([2, 4, 8, 16, 32, 128, 512])('transforms %i points as the definition does, and back', (size) => {
    const re = new Float64Array(whiteNoise(size, 1))
    const im = new Float64Array(whiteNoise(size, 2))
    const expected = Array.from({ length: size }, (_, bin) => slowTransform(re, im, bin))
    const fft = createFft(size)
    const [gotRe, gotIm] = [re.slice(), im.slice()]
    fft.forward(gotRe, gotIm)
    for (let bin = 0; bin < size; bin++) {
      expect(gotRe[bin]).toBeCloseTo(expected[bin][0], 10)
      expect(gotIm[bin]).toBeCloseTo(expected[bin][1], 10)
    }
    fft.inverse(gotRe, gotIm)
    for (let i = 0; i < size; i++) expect(gotRe[i]).toBeCloseTo(re[i], 12)
  })

  it('refuses sizes that are no power of two', () => {
    expect(() => createFft(12)).toThrow('integer')
    expect(() => createFft(1)).toThrow('size')
  })
})

describe('createRealFft', () => {
  it.each([4, 8, 64, 1024])('gives the first bins of the complex transform of %i real numbers, and back', (size) => {
    const input = new Float64Array(whiteNoise(size, 3))
    const fft = createRealFft(size)
    const [re, im] = [new Float64Array(fft.bins), new Float64Array(fft.bins)]
    fft.forward(input, re, im)
    const [fullRe, fullIm] = [input.slice(), new Float64Array(size)]
    createFft(size).forward(fullRe, fullIm)
    for (let bin = 0; bin < fft.bins; bin++) {
      expect(re[bin]).toBeCloseTo(fullRe[bin], 10)
      expect(im[bin]).toBeCloseTo(fullIm[bin], 10)
    }
    const back = new Float64Array(size)
    fft.inverse(re, im, back)
    for (let i = 0; i < size; i++) expect(back[i]).toBeCloseTo(input[i], 12)
  })

  it("keeps the energy, as Parseval's theorem says", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 10 }), fc.nat(1e6), (log2, seed) => {
        const input = new Float64Array(whiteNoise(2 ** log2, seed))
        const fft = createRealFft(2 ** log2)
        const [re, im] = [new Float64Array(fft.bins), new Float64Array(fft.bins)]
        fft.forward(input, re, im)
        let energy = 0
        for (let k = 0; k < fft.bins; k++) {
          energy += (re[k] ** 2 + im[k] ** 2) * (k === 0 || k === fft.bins - 1 ? 1 : 2)
        }
        const expected = input.reduce((sum, value) => sum + value * value, 0)
        expect(energy / fft.size / expected).toBeCloseTo(1, 10)
      }),
    )
  })
})

describe('convolve', () => {
  it('equals the sum of the definition at every length', () => {
    const length = fc.integer({ min: 1, max: 700 })
    fc.assert(
      fc.property(length, length, fc.nat(1e6), (samples, kernel, seed) => {
        const x = whiteNoise(samples, seed)
        const h = whiteNoise(kernel, seed + 1)
        const got = convolve(x, h)
        expect(got.length).toBe(samples + kernel - 1)
        for (const n of [0, Math.floor(got.length / 3), Math.floor(got.length / 2), got.length - 1]) {
          let expected = 0
          for (let k = Math.max(0, n - samples + 1); k <= Math.min(n, kernel - 1); k++) expected += h[k] * x[n - k]
          expect(got[n]).toBeCloseTo(expected, 10)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('joins blocks without a seam', () => {
    const x = whiteNoise(20_000, 5)
    const delayed = convolve(x, Float32Array.of(0, 0, 0, 1))
    expect(largestDifference(delayed.subarray(3), x)).toBeLessThan(1e-12)
  })

  it('is empty where either side is', () => {
    expect(convolve(new Float32Array(0), Float32Array.of(1)).length).toBe(0)
  })
})

describe('powerOfTwoAtLeast', () => {
  it('rounds up', () => {
    expect([0, 2, 3, 1024, 1025].map(powerOfTwoAtLeast)).toEqual([2, 2, 4, 1024, 2048])
  })
})
