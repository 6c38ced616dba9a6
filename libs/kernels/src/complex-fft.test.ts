import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { complexFft } from './complex-fft.ts'

function slowTransform(re: number[], im: number[]): { re: number[]; im: number[] } {
  const size = re.length
  const bins = Array.from({ length: size }, (_, k) => {
    let real = 0
    let imaginary = 0
    for (let n = 0; n < size; n++) {
      const angle = (-2 * Math.PI * k * n) / size
      real += re[n] * Math.cos(angle) - im[n] * Math.sin(angle)
      imaginary += re[n] * Math.sin(angle) + im[n] * Math.cos(angle)
    }
    return [real, imaginary]
  })
  return { re: bins.map(([real]) => real), im: bins.map(([, imaginary]) => imaginary) }
}

function energy(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((sum, value, i) => sum + value * value + b[i] * b[i], 0)
}

const signals = fc.integer({ min: 0, max: 8 }).chain((power) => {
  const values = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 2 ** power, maxLength: 2 ** power })
  return fc.record({ re: values, im: values })
})

describe('complexFft', () => {
  it('equals the sum by definition for every power of two', () => {
    fc.assert(
      fc.property(signals, ({ re, im }) => {
        const expected = slowTransform(re, im)
        const actual = complexFft(re.length)({ re: Float64Array.from(re), im: Float64Array.from(im) })
        for (let k = 0; k < re.length; k++) {
          expect(actual.re[k]).toBeCloseTo(expected.re[k], 10)
          expect(actual.im[k]).toBeCloseTo(expected.im[k], 10)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('keeps the energy (Parseval)', () => {
    fc.assert(
      fc.property(signals, ({ re, im }) => {
        const actual = complexFft(re.length)({ re: Float64Array.from(re), im: Float64Array.from(im) })
        expect(energy(actual.re, actual.im) / re.length).toBeCloseTo(energy(re, im), 9)
      }),
    )
  })

  it('gives the same when it is used again', () => {
    const transform = complexFft(32)
    const re = Float64Array.from({ length: 32 }, (_, n) => Math.sin(n))
    const first = Float64Array.from(transform({ re: re.slice(), im: new Float64Array(32) }).re)
    expect(transform({ re: re.slice(), im: new Float64Array(32) }).re).toEqual(first)
  })

  it('refuses a size that is no power of two', () => {
    expect(() => complexFft(12)).toThrow(/power of two/)
  })
})
