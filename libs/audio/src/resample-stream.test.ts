import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createStreamResampler } from './resample-stream.ts'
import { resample } from './resample.ts'

function noise(count: number): Float32Array {
  let state = 7
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 31 - 1
  })
}

/** Pushes blocks of the given lengths, again and again, until the recording is through. */
function inBlocks(resampler: ReturnType<typeof createStreamResampler>, whole: Float32Array, lengths: number[]) {
  const pieces: Float32Array[] = []
  for (let at = 0, turn = 0; at < whole.length; turn++) {
    const length = lengths[turn % lengths.length]
    pieces.push(resampler.push(whole.subarray(at, at + length)))
    at += length
  }
  pieces.push(resampler.finish())
  return Float32Array.from(pieces.flatMap((piece) => Array.from(piece)))
}

/** Bit for bit; a matcher would compare number by number, which takes seconds. */
function expectSame(actual: Float32Array, expected: Float32Array): void {
  expect(actual.length).toBe(expected.length)
  expect(Buffer.from(actual.buffer).equals(Buffer.from(expected.buffer))).toBe(true)
}

const RATES = [8000, 11_025, 16_000, 22_050, 24_414, 32_000, 37_800, 44_100, 48_000, 96_000, 192_000]

describe('createStreamResampler', () => {
  it.each(RATES.map((rate) => [rate]))('gives what the whole gives from %i Hz, for blocks of any size', (from) => {
    const resampler = createStreamResampler(from, 22_050)
    for (const count of [from * 3 + 17, 5000, 1, 0]) {
      const whole = noise(count)
      const expected = resample(whole, from, 22_050)
      for (const lengths of [[4096], [1, 3000, 0, 77], [count + 1]]) {
        expectSame(inBlocks(resampler, whole, lengths), expected)
      }
    }
  })

  it('does so for any two rates', () => {
    const rate = fc.integer({ min: 8000, max: 192_000 })
    const lengths = fc.array(fc.integer({ min: 100, max: 20_000 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(rate, rate, fc.integer({ min: 1, max: 20_000 }), lengths, (from, to, count, blocks) => {
        const whole = noise(count)
        expectSame(inBlocks(createStreamResampler(from, to), whole, blocks), resample(whole, from, to))
      }),
      { numRuns: 12 },
    )
  })

  it('gives what it can before the end', () => {
    const resampler = createStreamResampler(48_000, 22_050)
    let given = 0
    for (let second = 0; second < 10; second++) given += resampler.push(noise(48_000)).length
    expect(given).toBeGreaterThan(8 * 22_050)
  })
})
