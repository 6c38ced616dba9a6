import { createHash } from 'node:crypto'
import { emotionIndex, EMOTIONS } from '@ser/contracts'
import { expect, test } from 'vitest'
import { planFits, planInnerFits, TASKS } from './plan-fits.ts'
import { testVoices } from './read-noises.ts'
import type { Recording } from './read-recordings.ts'

function corpus(dataset: string, speakers: readonly string[], words: number): Recording[] {
  return speakers.flatMap((speaker) =>
    EMOTIONS.flatMap((label) =>
      Array.from({ length: words }, (_, index) => {
        const path = `${dataset}/${speaker}/${label}/${index}`
        const sha256 = createHash('sha256').update(path).digest('hex')
        const clip = { label, speaker, word: `word ${index}`, split: null }
        return { ...clip, sha256, path, dataset, datasets: [dataset], emotion: emotionIndex(label) }
      }),
    ),
  )
}

const actors = Array.from({ length: 8 }, (_, index) => `Actor_0${index + 1}`)
const corpora = { tess: corpus('tess', ['OAF', 'YAF'], 60), ravdess: corpus('ravdess', actors, 2) }
const fits = planFits(corpora, 1, TASKS)

test('trains on nothing that is tested', () => {
  for (const { train, tests } of fits) {
    const trained = new Set(train.map(({ sha256 }) => sha256))
    for (const { recordings } of tests) expect(recordings.filter(({ sha256 }) => trained.has(sha256))).toEqual([])
  }
})

test('trains on no speaker who speaks in the babble that is tested in, nor on a stranger who is tested', () => {
  const voices = new Set(testVoices(corpora.ravdess))
  for (const { train, tests, name } of fits) {
    const speakers = new Set(train.map(({ speaker }) => speaker))
    if (tests.some(({ variant }) => variant !== 'clean')) expect([...voices].filter((v) => speakers.has(v))).toEqual([])
    if (name === 'random' || name === 'words') continue
    const tested = tests.flatMap(({ recordings }) => recordings.map(({ speaker }) => speaker))
    expect(tested.filter((speaker) => speakers.has(speaker))).toEqual([])
  }
})

test('tests every actor in one of the folds', () => {
  const folds = fits.filter(({ name }) => name.startsWith('fold'))
  const tested = folds.flatMap(({ tests }) => tests[0].recordings)
  expect(new Set(tested)).toEqual(new Set(corpora.ravdess))
  expect(tested).toHaveLength(corpora.ravdess.length)
})

test('chooses settings by fits that mix no corpora, and in no recording that (a) tests', () => {
  const inner = planInnerFits(corpora, 1)
  expect(inner.map(({ name }) => name)).toEqual(['O>Y', 'Y>O', 'fold 1', 'fold 2', 'fold 3', 'fold 4', 'inside'])
  const tested = new Set(planFits(corpora, 1, ['a'])[0].tests[0].recordings)
  const { train, tests } = inner[6]
  expect([...train, ...tests.flatMap(({ recordings }) => recordings)].filter((each) => tested.has(each))).toEqual([])
  expect(tests.map(({ variant }) => variant)).toEqual(['clean', 'train-3'])
  expect(train.filter((each) => tests[0].recordings.includes(each))).toEqual([])
})

test('plans only the fits that the tasks need', () => {
  expect(planFits(corpora, 1, ['b']).map(({ name }) => name)).toEqual(['words'])
  expect(planFits(corpora, 1, ['a']).flatMap(({ tests }) => tests)).toHaveLength(1)
})
