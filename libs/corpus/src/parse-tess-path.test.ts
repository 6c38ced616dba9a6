import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseTessPath } from './parse-tess-path.ts'

const clip = (label: string, speaker: string, word: string) => ({
  kind: 'clip',
  clip: { label, speaker, word, split: null },
})

test.each([
  ['OAF_angry/OAF_back_angry.wav', clip('angry', 'OAF', 'back')],
  ['OAF_neutral/OA_bite_neutral.wav', clip('neutral', 'OAF', 'bite')],
  ['YAF_pleasant_surprise/YAF_youth_ps.wav', clip('surprise', 'YAF', 'youth')],
  ['OAF_Pleasant_surprise/OAF_bar_ps.wav', clip('surprise', 'OAF', 'bar')],
  ['YAF_pleasant_surprised/YAF_bar_ps.wav', clip('surprise', 'YAF', 'bar')],
  ['TESS Toronto emotional speech set data/OAF_Fear/OAF_food_fear.wav', clip('fear', 'OAF', 'food')],
  ['a/TESS Toronto emotional speech set data/YAF_sad/YAF_Beg_SAD.WAV', clip('sad', 'YAF', 'beg')],
  ['YAF_dog_disgust.wav', clip('disgust', 'YAF', 'dog')],
  ['recordings of the lab/YAF_dog_happy.aiff', clip('happy', 'YAF', 'dog')],
])('reads %s', (path, verdict) => {
  expect(parseTessPath(path)).toEqual(verdict)
})

test.each([
  '.DS_Store',
  'OAF_angry/._OAF_back_angry.wav',
  '__MACOSX/OAF_angry/OAF_back_angry.wav',
  '.cache/OAF_back_angry.wav',
  'ReadMe.txt',
  'README',
  'readme.md',
  'MANIFEST.TXT',
  'LICENSE.txt',
  'OAF_angry/Thumbs.db',
])('passes over %s', (path) => {
  expect(parseTessPath(path)).toMatchObject({ kind: 'ignored' })
})

test('does not take .. for a hidden folder', () => {
  expect(parseTessPath('../OAF_sad/OAF_bar_sad.wav')).toMatchObject({ kind: 'clip' })
})

test.each([
  ['OAF_angry/take one.wav', 'unknown_name', /rename it, or list your own recordings in a manifest/],
  ['OAF_angry/OAF_angry.wav', 'unknown_name', /<OAF\|YAF>_<word>_<emotion>/],
  ['OAF_angry/MAF_back_angry.wav', 'unknown_name', /MAF_back_angry/],
  ['OAF_angry/OAF_back_angry', 'unknown_name', /OAF_back_angry/],
  ['OAF_calm/OAF_back_calm.wav', 'unknown_label', /"calm".*angry, disgust, fear/],
  ['OAF_angry/OAF_back_sad.wav', 'folder_contradicts_name', /says OAF, sad.*"OAF_angry"/],
  ['YAF_sad/OAF_back_sad.wav', 'folder_contradicts_name', /move or rename/],
])('refuses %s as %s', (path, code, message) => {
  const verdict = parseTessPath(path)
  expect(verdict).toMatchObject({ kind: 'rejected', code })
  expect(verdict.kind === 'rejected' ? verdict.message : '').toMatch(message)
})

test.skipIf(process.env['TESS_DIR'] === undefined)('labels all 2800 recordings of TESS, 400 an emotion', () => {
  const files = readdirSync(process.env['TESS_DIR']!, { recursive: true, encoding: 'utf8' })
  const counts = new Map<string, number>()
  for (const path of files.filter((file) => file.endsWith('.wav'))) {
    const verdict = parseTessPath(path)
    const key = verdict.kind === 'clip' ? verdict.clip.label : `${verdict.kind}: ${path}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  expect(Object.fromEntries(counts)).toEqual({
    angry: 400,
    disgust: 400,
    fear: 400,
    happy: 400,
    neutral: 400,
    sad: 400,
    surprise: 400,
  })
})
