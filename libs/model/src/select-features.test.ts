import { expect, test } from 'vitest'
import { selectedLength, selectFeatures } from './select-features.ts'

const spec = {
  sampleRate: 22_050,
  nFft: 2048,
  hopLength: 512,
  window: 'hann',
  nMels: 3,
  nMfcc: 2,
  pooling: 'mean',
} as const
const vectors = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 14, 15, 16, 17)

test('takes the columns of the named groups in their order', () => {
  expect([...selectFeatures(vectors, spec, ['mel'])]).toEqual([1, 2, 3, 11, 12, 13])
  expect([...selectFeatures(vectors, spec, ['rms', 'mfcc'])]).toEqual([7, 4, 5, 17, 14, 15])
  expect(selectFeatures(vectors, spec, ['mel', 'mfcc', 'zcr', 'rms'])).toEqual(vectors)
  expect(selectedLength(spec, ['mel', 'mfcc', 'rms'])).toBe(6)
})

test('refuses vectors of another length', () => {
  expect(() => selectFeatures(vectors.subarray(1), spec, ['mel'])).toThrow('13 values are not rows of 7')
})
