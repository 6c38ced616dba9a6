import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createResampler, resample } from './resample.ts'

// Made by fixtures/make_resampling.py.
type Case = {
  from: number
  to: number
  length: number
  middle: number
  first: number[]
  around: number[]
  last: number[]
  sumOfSquares: number
}
const fixture: { count: number; cases: Case[] } = JSON.parse(
  readFileSync(new URL('../fixtures/resampling.json', import.meta.url), 'utf8'),
)

function noise(count: number): Float32Array {
  let state = 1
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state >>> 8) / 2 ** 24 - 0.5
  })
}

function sine(hz: number, rate: number, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, n) => Math.sin((2 * Math.PI * hz * n) / rate))
}

describe('resample', () => {
  it.each(fixture.cases)('equals soxr HQ from $from to $to Hz', (expected) => {
    const actual = resample(noise(fixture.count), expected.from, expected.to)
    expect(actual.length).toBe(expected.length)
    // Bit for bit where no table of more than 2048 rows takes part.
    const isExact = expected.from !== 24_414
    const tolerance = isExact ? 0 : 5e-7
    const check = (values: number[], start: number): void =>
      values.forEach((value, i) => expect(Math.abs(actual[start + i] - value)).toBeLessThanOrEqual(tolerance))
    check(expected.first, 0)
    check(expected.around, expected.middle)
    check(expected.last, expected.length - expected.last.length)
    const sumOfSquares = actual.reduce((sum, value) => sum + value * value, 0)
    expect(sumOfSquares / expected.sumOfSquares).toBeCloseTo(1, 6)
  })

  it('keeps a tone in the pass band as it is, in time and level', () => {
    for (const [from, to] of [
      [8000, 22_050],
      [24_414, 22_050],
      [37_800, 22_050],
      [96_000, 22_050],
      [8000, 48_000],
    ]) {
      const actual = resample(sine(1000, from, from / 2), from, to)
      const expected = sine(1000, to, to / 2)
      for (let n = 4000; n < 6000; n++) expect(actual[n]).toBeCloseTo(expected[n], 5)
    }
  })

  it('removes what the lower rate cannot hold', () => {
    const actual = resample(sine(15_000, 48_000, 24_000), 48_000, 22_050)
    const loudest = actual.subarray(1000, 10_000).reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    expect(loudest).toBeLessThan(1e-6)
  })

  it('has ceil(n to / from) samples, even of one sample', () => {
    for (const count of [1, 2, 3, 100, 1001]) {
      expect(resample(noise(count), 24_414, 22_050).length).toBe(Math.ceil((count * 22_050) / 24_414))
      expect(resample(noise(count), 192_000, 8000).length).toBe(Math.ceil(count / 24))
    }
  })

  it('gives the same whatever it resampled before', () => {
    const resampler = createResampler(24_414, 22_050)
    const first = resampler(noise(5000))
    resampler(sine(300, 24_414, 30_000))
    expect(resampler(noise(5000))).toEqual(first)
  })

  it.each([
    [4000, 22_050],
    [22_050, 400_000],
    [Number.NaN, 22_050],
    [24_414.5, 22_050],
  ])('refuses %f to %f Hz', (from, to) => {
    expect(() => createResampler(from, to)).toThrow(expect.objectContaining({ code: 'rate_out_of_range' }))
  })
})
