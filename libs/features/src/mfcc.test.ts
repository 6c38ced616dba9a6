import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dctMatrix, dctRow, levelLimits, meanDbOverTime, powerToDb } from './mfcc.ts'

describe('meanDbOverTime', () => {
  it('is the mean of the values in dB, cut off 80 dB below the loudest and at 1e-10', () => {
    const power = fc.integer({ min: -400, max: 300 }).map((exponent) => 10 ** (exponent / 10))
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 80 }),
        fc.array(power, { minLength: 160, maxLength: 160 }),
        (frames, all) => {
          const mel = Float64Array.from(all.slice(0, frames * 2))
          const mean = new Float64Array(2)
          meanDbOverTime(mel, frames, mean)
          const { floor } = levelLimits(mel, frames * 2)
          for (const band of [0, 1]) {
            let sum = 0
            for (let frame = 0; frame < frames; frame++) sum += powerToDb(mel[frame * 2 + band], floor)
            expect(mean[band]).toBeCloseTo(sum / frames, 9)
          }
        },
      ),
    )
  })

  it('takes silence as -100 dB', () => {
    const mean = new Float64Array(4)
    meanDbOverTime(new Float64Array(40), 10, mean)
    expect(Array.from(mean)).toEqual([-100, -100, -100, -100])
  })
})

describe('dctMatrix', () => {
  it('has orthonormal rows', () => {
    const matrix = dctMatrix(40, 128)
    for (const [a, b] of [
      [0, 0],
      [7, 7],
      [39, 39],
      [0, 1],
      [3, 38],
    ]) {
      expect(dctRow(matrix, a, matrix.subarray(b * 128, b * 128 + 128))).toBeCloseTo(a === b ? 1 : 0, 12)
    }
  })
})
