import { emotionIndex } from '@ser/contracts'
import { expect, test } from 'vitest'
import { parseUnlabelledPath, UNLABELLED } from './parse-unlabelled-path.ts'

test('takes every recording, and passes over what lies beside them', () => {
  const clip = { label: UNLABELLED, speaker: 'unknown', word: null, split: null }
  expect(parseUnlabelledPath('street/1-2-A.wav')).toEqual({ kind: 'clip', clip })
  for (const path of ['index.csv', 'LICENSE', '.hidden/a.wav', 'a/.DS_Store']) {
    expect(parseUnlabelledPath(path)).toMatchObject({ kind: 'ignored' })
  }
  expect(emotionIndex(UNLABELLED)).toBe(-1)
})
