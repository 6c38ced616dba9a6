import { describe, expect, it } from 'vitest'
import { powerSpectrum } from './power-spectrum.ts'

function powerOf(samples: number[]): Float64Array {
  const half = samples.length / 2
  const packed = { re: new Float64Array(half), im: new Float64Array(half) }
  samples.forEach((sample, n) => {
    const part = n % 2 === 0 ? packed.re : packed.im
    part[n >> 1] = sample
  })
  const power = new Float64Array(half + 1)
  powerSpectrum(samples.length)(packed, power)
  return power
}

describe('powerSpectrum', () => {
  it.each([64, 128, 2048])('puts a cosine of a whole number of periods into one bin of %i samples', (size) => {
    for (const bin of [1, 2, size / 8, size / 4, size / 2 - 1]) {
      const power = powerOf(Array.from({ length: size }, (_, n) => Math.cos((2 * Math.PI * bin * n) / size)))
      power.forEach((value, k) => expect(value).toBeCloseTo(k === bin ? (size / 2) ** 2 : 0, 6))
    }
  })

  it('puts a constant into bin 0 and alternating samples into the last', () => {
    const constant = powerOf(Array.from({ length: 64 }, () => 1))
    const alternating = powerOf(Array.from({ length: 64 }, (_, n) => (n % 2 === 0 ? 1 : -1)))
    expect(constant[0]).toBe(64 ** 2)
    expect(alternating[32]).toBe(64 ** 2)
    expect(constant.subarray(1).every((value) => value < 1e-20)).toBe(true)
    expect(alternating.subarray(0, 32).every((value) => value < 1e-20)).toBe(true)
  })
})
