import { decodeAudio, encodeWav } from '@ser/audio'
import { PAPER_NOISE, recipeSchema } from '@ser/augmentation'
import { expect, test } from 'vitest'
import { runAugmentTask, type VariantTask } from './augment-task.ts'

const samples = Float32Array.from({ length: 4800 }, (_, index) => 0.9 * Math.sin(index / 7))
const bytes = encodeWav({ samples: [samples, samples.map((value) => value / 2)], sampleRate: 48_000 })
const task: VariantTask = { kind: 'variant', bytes, recipe: PAPER_NOISE, seed: 'beef', resources: {} }

async function variantOf(given: VariantTask) {
  const result = await runAugmentTask(given)
  if (!('variant' in result)) throw new Error(`refused: ${JSON.stringify(result)}`)
  return result.variant
}

test('mixes down, keeps the sample rate, and gives the same bytes for the same seed', async () => {
  const first = await variantOf(task)
  expect(first).toMatchObject({ encoding: 'pcm_s16', sampleRate: 48_000, frames: 4800 })
  expect(decodeAudio(first.bytes)).toMatchObject({ channels: 1, frames: 4800, sampleRate: 48_000 })
  expect((await variantOf(task)).sha256).toBe(first.sha256)
  expect((await variantOf({ ...task, seed: 'feed' })).sha256).not.toBe(first.sha256)
})

test('keeps what a recipe lets pass full scale', async () => {
  const steps = [{ transform: 'Gain', params: { gainDb: 12 } }]
  const loud = recipeSchema.parse({ name: 'loud', version: 1, overflow: 'keep', steps })
  const { encoding, bytes: made } = await variantOf({ ...task, recipe: loud })
  expect(encoding).toBe('float32')
  const peak = decodeAudio(made).channelData[0].reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  expect(peak).toBeGreaterThan(2.5)
})

test('refuses bad input as data, with its code', async () => {
  const text = { ...task, bytes: Buffer.from('no recording') }
  expect(await runAugmentTask(text)).toMatchObject({ refused: { code: 'not_audio' } })
  const steps = [{ transform: 'AddBackgroundNoise', params: { snrDb: 5 } }]
  const needing = recipeSchema.parse({ name: 'needing', version: 1, steps })
  expect(await runAugmentTask({ ...task, recipe: needing })).toMatchObject({ refused: { code: 'resource-missing' } })
})

test('decodes a recording to be mixed in at the rate asked for', async () => {
  const result = await runAugmentTask({ kind: 'decode', bytes, sampleRate: 16_000 })
  expect(result).toMatchObject({ samples: { length: 1600 } })
})
