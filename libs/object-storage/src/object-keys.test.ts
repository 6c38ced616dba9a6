import { expect, test } from 'vitest'
import { audioKey, audioMediaType, modelKey } from './object-keys.ts'

const sha256 = 'abcdef'.padEnd(64, '0')

test('spreads keys by the first digits of the content', () => {
  expect(audioKey(sha256)).toBe(`audio/ab/cd/${sha256}`)
  expect(modelKey(sha256)).toBe(`models/ab/cd/${sha256}`)
})

test('takes nothing for a key but a SHA-256', () => {
  expect(() => audioKey('../../etc/passwd')).toThrow(RangeError)
  expect(() => modelKey(sha256.toUpperCase())).toThrow(RangeError)
})

test('names the media types that are registered, and not the one that a store would compress', () => {
  expect(['wav', 'mp3', 'flac'].map(audioMediaType)).toEqual(['audio/vnd.wave', 'audio/mpeg', 'audio/flac'])
})
