import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeMatrix, readMatrixShape } from './decode-matrix.ts'
import { encodeMatrix } from './encode-matrix.ts'
import { LEAST_POWER } from './matrix-format.ts'

const decibels = (power: number) => 10 * Math.log10(Math.max(LEAST_POWER, power))
// The codes are rounded to half a step, and low and step to float32, which adds a little.
const HALF_STEP = 1.02 / 131_070

/** [frames, columns]: columns of power first, over `range` decibels, then others. */
function matrixOf(frames: number, seed: number): Float32Array {
  const values = new Float32Array(frames * 4)
  for (let frame = 0; frame < frames; frame++) {
    values[frame * 4] = 10 ** (4 * Math.sin(seed + frame))
    values[frame * 4 + 1] = 10 ** (6 * Math.cos(seed * frame) - 2)
    values[frame * 4 + 2] = -400 + 300 * Math.sin(seed + 3 * frame)
    values[frame * 4 + 3] = Math.abs(Math.sin(seed + frame / 7))
  }
  return values
}

const rangeOf = (numbers: readonly number[]) => Math.max(...numbers) - Math.min(...numbers)
const columnOf = (values: Float32Array, column: number) =>
  Array.from({ length: values.length / 4 }, (_, frame) => values[frame * 4 + column])

test('a value comes back to within half a step of its column, power in decibels', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.double({ min: 0.01, max: 100, noNaN: true }), (frames, seed) => {
      const values = matrixOf(frames, seed)
      const decoded = decodeMatrix(encodeMatrix(values, { columns: 4, power: [0, 2] }))
      for (const column of [0, 1, 2, 3]) {
        const scale = column < 2 ? decibels : (value: number) => value
        const [before, after] = [columnOf(values, column).map(scale), columnOf(decoded, column).map(scale)]
        // Beside the step, a float32 has 24 bits.
        const most = HALF_STEP * rangeOf(before) + 3e-7 * Math.max(1, ...before.map(Math.abs))
        for (const [frame, value] of before.entries()) expect(Math.abs(after[frame] - value)).toBeLessThanOrEqual(most)
      }
    }),
  )
})

test('two bytes a value, and a column that never changes stays as it is', () => {
  const values = new Float32Array(50 * 3).map((_, index) => (index % 3 === 0 ? 0.1 : index % 3 === 1 ? -7 : 0))
  const bytes = encodeMatrix(values, { columns: 3, power: [0, 0] })
  expect(bytes.length).toBe(20 + 3 * 8 + 2 * 50 * 3)
  expect(decodeMatrix(bytes)).toEqual(values)
  expect(readMatrixShape(bytes)).toEqual({ frames: 50, columns: 3, power: [0, 0] })
})

test('silence is the least power there is', () => {
  const [silent, loud] = decodeMatrix(encodeMatrix(Float32Array.of(0, 1), { columns: 1, power: [0, 1] }))
  expect(silent).toBeCloseTo(1e-10, 15)
  expect(loud).toBeCloseTo(1, 5)
})

test('only the chosen columns are decoded, in the order asked for, wherever the bytes lie', () => {
  const values = matrixOf(20, 2)
  const bytes = encodeMatrix(values, { columns: 4, power: [0, 2] })
  const all = decodeMatrix(bytes)
  const shifted = new Uint8Array(bytes.length + 1)
  shifted.set(bytes, 1)
  const some = decodeMatrix(shifted.subarray(1), [
    [3, 4],
    [1, 3],
  ])
  expect([...some]).toEqual(
    Array.from({ length: 20 }, (_, frame) => [3, 1, 2].map((column) => all[frame * 4 + column])).flat(),
  )
})

test('what is no whole matrix is refused', () => {
  const bytes = encodeMatrix(matrixOf(3, 1), { columns: 4, power: [0, 2] })
  expect(() => decodeMatrix(bytes.subarray(0, bytes.length - 1))).toThrow('does not take')
  expect(() => decodeMatrix(bytes.subarray(0, 8))).toThrow('not a stored matrix')
  expect(() => decodeMatrix(new Uint8Array(bytes.length))).toThrow('not a stored matrix')
  expect(() => decodeMatrix(bytes, [[2, 5]])).toThrow('4 columns')
  expect(() => encodeMatrix(new Float32Array(7), { columns: 4, power: [0, 0] })).toThrow('rows of 4')
})
