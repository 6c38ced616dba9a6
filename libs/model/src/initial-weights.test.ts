import { expect, test } from 'vitest'
import { createGenerator } from './generate-random.ts'
import { forgetGateBias, glorotUniform, orthogonal } from './initial-weights.ts'

test('orthogonal gives orthonormal rows', () => {
  const [rows, columns] = [128, 512]
  const matrix = orthogonal(rows, columns, createGenerator(1, 'weights'))
  let worst = 0
  for (let a = 0; a < rows; a++) {
    for (let b = a; b < rows; b++) {
      let product = 0
      for (let i = 0; i < columns; i++) product += matrix[a * columns + i] * matrix[b * columns + i]
      worst = Math.max(worst, Math.abs(product - (a === b ? 1 : 0)))
    }
  }
  // Float32 values: rounding of 512 products near 0.002 each.
  expect(worst).toBeLessThan(1e-6)
})

test('orthogonal refuses more rows than columns', () => {
  expect(() => orthogonal(3, 2, createGenerator(1, 'weights'))).toThrow('3 rows of 2 values cannot be orthonormal')
})

test('Glorot uniform fills its range evenly', () => {
  const limit = Math.sqrt(6 / (170 + 512))
  const kernel = glorotUniform(170, 512, createGenerator(1, 'weights'))
  const variance = kernel.reduce((total, value) => total + value * value, 0) / kernel.length
  expect(kernel.every((value) => Math.abs(value) <= limit)).toBe(true)
  expect(variance).toBeCloseTo(limit ** 2 / 3, 4)
})

test('the forget gates alone start open', () => {
  expect([...forgetGateBias(2)]).toEqual([0, 0, 1, 1, 0, 0, 0, 0])
})
