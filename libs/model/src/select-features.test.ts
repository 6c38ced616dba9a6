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

test('takes groups of a voice, and refuses those that it does not have', () => {
  const voice = { kind: 'voice', sampleRate: 16_000, hopLength: 160, pooling: 'mean' } as const
  const rows = Float32Array.from({ length: 480 }, (_, place) => place)
  expect([...selectFeatures(rows, voice, ['rhythm'])]).toEqual([121, 122, 123, 361, 362, 363])
  expect(selectedLength(voice, ['pitch', 'quality', 'spectrum', 'cepstrum', 'level', 'rhythm'])).toBe(124)
  expect(() => selectFeatures(rows, voice, ['mel'])).toThrow('no group mel')
})

test('refuses vectors of another length', () => {
  expect(() => selectFeatures(vectors.subarray(1), spec, ['mel'])).toThrow('13 values are not rows of 7')
})
