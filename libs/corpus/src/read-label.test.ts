import { EMOTIONS } from '@ser/contracts'
import { expect, test } from 'vitest'
import { readLabel } from './read-label.ts'

test.each([
  ['ANGER', 'angry'],
  ['happiness', 'happy'],
  ['ps', 'surprise'],
  ['pleasant_surprised', 'surprise'],
  ['Pleasant-Surprise', 'surprise'],
  [' fearful ', 'fear'],
  ['sadness', 'sad'],
  ['disgusted', 'disgust'],
])('takes %j for %s', (text, emotion) => {
  expect(readLabel(text)).toBe(emotion)
})

test('takes each of the seven emotions for itself', () => {
  expect(EMOTIONS.map(readLabel)).toEqual([...EMOTIONS])
})

test.each(['calm', 'bored', '', 'angryy', 'constructor'])('does not guess what %j means', (text) => {
  expect(readLabel(text)).toBeUndefined()
})
