import { probeAudio } from '@ser/audio'
import { EMOTIONS, type Emotion } from '@ser/contracts'
import { expect, test } from 'vitest'
import { parseTessPath } from './parse-tess-path.ts'
import { synthesiseRecording } from './synthesise-recording.ts'
import { syntheticCorpus, syntheticCorpusPlan } from './synthetic-corpus.ts'

const rmsDb = (samples: Float32Array) =>
  10 * Math.log10(samples.reduce((sum, each) => sum + each * each, 0) / samples.length)

const mean = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0) / values.length

const levels = (emotion: Emotion) =>
  Array.from({ length: 12 }, (_, seed) => rmsDb(synthesiseRecording({ speaker: 'OAF', word: 'bat', emotion, seed })))

test('plans every word by every speaker in every emotion, under names that TESS would give', () => {
  const plan = syntheticCorpusPlan({ words: 4 })
  expect(plan).toHaveLength(4 * 2 * 7)
  expect(new Set(plan.map(({ path }) => path)).size).toBe(plan.length)
  for (const { path, speaker, word, emotion } of plan) {
    expect(parseTessPath(path)).toEqual({ kind: 'clip', clip: { label: emotion, speaker, word, split: null } })
  }
})

test('a larger plan holds the smaller one', () => {
  const paths = new Set(syntheticCorpusPlan({ words: 200 }).map(({ path }) => path))
  expect(paths.size).toBe(2800)
  expect(syntheticCorpusPlan({ words: 3, speakers: 1 }).every(({ path }) => paths.has(path))).toBe(true)
})

test.each([{ words: 0 }, { words: 201 }, { words: 1.5 }, { words: 1, speakers: 3 }])('refuses %j', (options) => {
  expect(() => syntheticCorpusPlan(options)).toThrow(expect.objectContaining({ code: 'SYNTHETIC_PLAN_INVALID' }))
})

test('says the same twice and something else for another seed', () => {
  const recording = { speaker: 'OAF', word: 'bat', emotion: 'sad', seed: 1 } as const
  const once = synthesiseRecording(recording)
  expect(synthesiseRecording(recording)).toEqual(once)
  expect(synthesiseRecording({ ...recording, seed: 2 })).not.toEqual(once)
})

test('keeps to full scale, to one to three seconds and to finite numbers in every emotion', () => {
  for (const emotion of EMOTIONS) {
    const samples = synthesiseRecording({ speaker: 'YAF', word: 'dog', emotion, seed: 3 })
    expect(samples.every((sample) => Math.abs(sample) <= 0.98)).toBe(true)
    expect(samples.length / 24_414).toBeGreaterThan(0.8)
    expect(samples.length / 24_414).toBeLessThan(3.5)
  }
})

test('emotions differ on average but overlap in single recordings', () => {
  const [angry, happy, sad] = [levels('angry'), levels('happy'), levels('sad')]
  // Meant to be 13 dB apart; a recording varies by 2.5 dB, so the means of 12 by 0.7 dB.
  expect(mean(angry) - mean(sad)).toBeGreaterThan(8)
  expect(Math.min(...angry)).toBeLessThan(Math.max(...happy))
})

test('yields WAV files that can be read', async () => {
  const files = []
  for await (const file of syntheticCorpus({ words: 1, speakers: 1 })) files.push(file)
  expect(files).toHaveLength(7)
  for (const { bytes } of files) {
    expect(probeAudio(bytes)).toMatchObject({ container: 'wav', sampleRate: 24_414, channels: 1 })
  }
})
