import { readdirSync } from 'node:fs'
import { emotionIndex, PATH_LAYOUT_NAMES, type PathLayout } from '@ser/contracts'
import { describe, expect, test } from 'vitest'
import { parsePath } from './path-layouts.ts'

type Reading = readonly [path: string, label: string, speaker: string, word: string | null]
type Refusal = readonly [path: string, code: string, message: RegExp]

const KIDS = 'kids are talking by the door'

const READ: Readonly<Record<PathLayout, readonly Reading[]>> = {
  tess: [['OAF_angry/OAF_back_angry.wav', 'angry', 'OAF', 'back']],
  ravdess: [
    ['Actor_01/03-01-01-01-01-01-01.wav', 'neutral', 'Actor_01', KIDS],
    ['Actor_24/03-01-02-02-02-02-24.wav', 'calm', 'Actor_24', 'dogs are sitting by the door'],
    ['Audio_Speech_Actors_01-24/Actor_12/03-01-03-01-01-01-12.wav', 'happy', 'Actor_12', KIDS],
    ['03-01-04-01-01-01-12.wav', 'sad', 'Actor_12', KIDS],
    ['anything/03-01-05-01-01-01-12.WAV', 'angry', 'Actor_12', KIDS],
    ['Actor_12/03-01-06-01-01-01-12.flac', 'fear', 'Actor_12', KIDS],
    ['Actor_12/03-01-07-01-01-01-12.wav', 'disgust', 'Actor_12', KIDS],
    ['Actor_12/03-01-08-02-01-01-12.wav', 'surprise', 'Actor_12', KIDS],
  ],
  'emo-db': [
    ['wav/03a01Fa.wav', 'happy', '03', 'a01'],
    ['emodb/wav/08b10Wb.wav', 'angry', '08', 'b10'],
    ['16a05Lc.wav', 'boredom', '16', 'a05'],
    ['wav/09a07Ea.wav', 'disgust', '09', 'a07'],
    ['wav/10a02Ad.wav', 'fear', '10', 'a02'],
    ['wav/11a04Td.wav', 'sad', '11', 'a04'],
    ['wav/12b03N.wav', 'neutral', '12', 'b03'],
  ],
  'crema-d': [
    ['AudioWAV/1001_DFA_ANG_XX.wav', 'angry', '1001', 'dfa'],
    ['AudioWAV/1091_IEO_DIS_LO.wav', 'disgust', '1091', 'ieo'],
    ['AudioWAV/1040_ITH_SAD_X.wav', 'sad', '1040', 'ith'],
    ['1002_IEO_FEA_MD.wav', 'fear', '1002', 'ieo'],
    ['1002_IEO_HAP_HI.wav', 'happy', '1002', 'ieo'],
    ['1002_WSI_NEU_XX.wav', 'neutral', '1002', 'wsi'],
  ],
  savee: [
    ['AudioData/DC/a01.wav', 'angry', 'DC', null],
    ['JE/d15.wav', 'disgust', 'JE', null],
    ['ALL/JK_f03.wav', 'fear', 'JK', null],
    ['KL_h07.wav', 'happy', 'KL', null],
    ['kl/n30.wav', 'neutral', 'KL', null],
    ['KL/sa02.wav', 'sad', 'KL', null],
    ['KL/su02.wav', 'surprise', 'KL', null],
  ],
}

const REFUSED: Readonly<Record<PathLayout, readonly Refusal[]>> = {
  tess: [['OAF_calm/OAF_back_calm.wav', 'unknown_label', /"calm"/]],
  ravdess: [
    ['Actor_01/03-01-09-01-01-01-01.wav', 'unknown_label', /emotion 09.*01 to 08/],
    ['Actor_01/03-02-03-01-01-01-01.wav', 'not_speech', /song/],
    ['Actor_01/01-01-03-01-01-01-01.mp4', 'not_speech', /film/],
    ['Actor_01/03-01-03-01-01-01-25.wav', 'unknown_name', /03-01-06-01-02-01-12/],
    ['Actor_01/03-01-03-01-01-01-00.wav', 'unknown_name', /manifest/],
    ['Actor_01/03-01-01-02-01-01-01.wav', 'unknown_name', /03-01-01-02/],
    ['Actor_01/03-01-03-01-01-01-02.wav', 'folder_contradicts_name', /actor 02.*Actor_01/],
    ['Actor_01/kids.wav', 'unknown_name', /kids/],
  ],
  'emo-db': [
    ['wav/03a01Xa.wav', 'unknown_label', /letter X.*W, L, E, A, F, T and N/],
    ['wav/04a01Fa.wav', 'unknown_name', /03a01Fa/],
    ['wav/17a01Fa.wav', 'unknown_name', /17a01Fa/],
    ['wav/03c01Fa.wav', 'unknown_name', /manifest/],
  ],
  'crema-d': [
    ['AudioWAV/1001_DFA_SUR_XX.wav', 'unknown_label', /SUR.*ANG, DIS/],
    ['AudioWAV/1000_DFA_ANG_XX.wav', 'unknown_name', /1001_DFA_ANG_XX/],
    ['AudioWAV/1092_DFA_ANG_XX.wav', 'unknown_name', /manifest/],
    ['AudioWAV/1001_ABC_ANG_XX.wav', 'unknown_name', /ABC/],
    ['AudioWAV/1001_DFA_ANG_YY.wav', 'unknown_name', /YY/],
  ],
  savee: [
    ['DC/c01.wav', 'unknown_label', /c in "c01.wav"/],
    ['AudioData/XY/a01.wav', 'unknown_name', /DC\/a01.wav or DC_a01.wav/],
    ['a01.wav', 'unknown_name', /manifest/],
    ['DC/JE_a01.wav', 'folder_contradicts_name', /says JE.*"DC"/],
  ],
}

const PASSED_OVER: Readonly<Record<PathLayout, readonly string[]>> = {
  tess: ['ReadMe.txt'],
  ravdess: ['Actor_01/.DS_Store', '__MACOSX/Actor_01/03-01-01-01-01-01-01.wav', 'SHA256SUMS'],
  'emo-db': ['erkennung.txt', 'lablaut/03a01Fa.lablaut', 'labsilb/03a01Fa.labsilb'],
  'crema-d': ['AudioMP3/1001_DFA_ANG_XX.mp3', 'VideoFlash/1001_DFA_ANG_XX.flv', 'SentenceFilenames.csv', 'LICENSE.txt'],
  savee: ['AudioData/Info.txt'],
}

describe.each(PATH_LAYOUT_NAMES)('the layout of %s', (name) => {
  const parse = (path: string) => parsePath(name, path)

  test.each(READ[name])('reads %s as %s by %s', (path, label, speaker, word) => {
    expect(parse(path)).toEqual({ kind: 'clip', clip: { label, speaker, word, split: null } })
  })

  test.each(REFUSED[name])('refuses %s as %s', (path, code, message) => {
    expect(parse(path)).toEqual({ kind: 'rejected', code, message: expect.stringMatching(message) })
  })

  test.each(PASSED_OVER[name])('passes over %s', (path) => {
    expect(parse(path)).toMatchObject({ kind: 'ignored' })
  })

  test('refuses the recordings of every other corpus, and names the layout that reads them', () => {
    for (const other of PATH_LAYOUT_NAMES.filter((candidate) => candidate !== name)) {
      const message = expect.stringContaining(`ingest it with the layout ${other}`)
      for (const [path] of READ[other])
        expect([path, parse(path)]).toEqual([path, { kind: 'rejected', code: 'unknown_name', message }])
    }
  })
})

test('keeps calm and boredom under their own labels, which are no class of the model', () => {
  expect([emotionIndex('calm'), emotionIndex('boredom')]).toEqual([-1, -1])
})

function count(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}

const ravdess = process.env['RAVDESS_DIR']
test.skipIf(ravdess === undefined)(
  'labels every recording of RAVDESS, 30 an actor, 4 of each label but neutral',
  () => {
    const files = readdirSync(ravdess!, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.wav'))
    const verdicts = files.map((path) => parsePath('ravdess', path))
    const clips = verdicts.flatMap((verdict) => (verdict.kind === 'clip' ? [verdict.clip] : []))
    expect(clips).toHaveLength(files.length)
    const speakers = count(clips.map(({ speaker }) => speaker))
    expect(new Set(Object.values(speakers))).toEqual(new Set([30]))
    const actors = Object.keys(speakers).length
    const each = 4 * actors
    expect(count(clips.map(({ label }) => label))).toEqual({
      angry: each,
      calm: each,
      disgust: each,
      fear: each,
      happy: each,
      neutral: each / 2,
      sad: each,
      surprise: each,
    })
  },
)
