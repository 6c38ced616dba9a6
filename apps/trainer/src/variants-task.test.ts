import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeWav, loadWaveform } from '@ser/audio'
import { recipeSchema } from '@ser/augmentation'
import { featureSpecSchema, type FeatureSpec } from '@ser/contracts'
import { createRowExtractor } from '@ser/features'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordingFile } from './train-messages.ts'
import { readWaveform, runVariantsTask, type EpochTask } from './variants-task.ts'

const CLIPS = Array.from({ length: 12 }, (_, index) => (index + 1).toString(16).padStart(64, '0'))
const untouched = recipeSchema.parse({ name: 'untouched', version: 1, steps: [] })
const pooled = featureSpecSchema.parse({ nMels: 8, nMfcc: 2 })
const framed = featureSpecSchema.parse({ nMels: 8, nMfcc: 2, pooling: 'frames' })
const WIDTH = 12
const counter = () => new Int32Array(new SharedArrayBuffer(4))

const recordings = CLIPS.map((_, number) =>
  encodeWav({
    samples: [Float32Array.from({ length: 5000 + 300 * number }, (__, at) => 0.4 * Math.sin(at / (4 + number)))],
    sampleRate: 24_414,
  }),
)

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ser-variants-'))
  for (const [index, sha256] of CLIPS.entries()) await writeFile(join(folder, recordingFile(sha256)), recordings[index])
  await runVariantsTask({ kind: 'decode', folder, recordings: CLIPS, sampleRate: 22_050, next: counter() })
})
afterAll(() => rm(folder, { recursive: true }))

async function make(
  spec: FeatureSpec,
  changes: Partial<EpochTask['order']> = {},
  resources: EpochTask['resources'] = {},
) {
  const result = await runVariantsTask({
    kind: 'epoch',
    folder,
    order: { recipe: untouched, share: 1, clips: CLIPS, sampleRate: 22_050, ...changes },
    resources,
    seed: 5,
    epoch: 1,
    features: { spec, extractor: '1', groups: ['mel', 'mfcc', 'zcr', 'rms'] },
    frames: spec.pooling === 'frames',
    next: counter(),
  })
  if (!('made' in result)) throw new Error(`refused: ${result.refused.message}`)
  return result.made
}

const stored = (spec: FeatureSpec) => {
  const toRows = createRowExtractor(spec)
  return Float32Array.from(recordings.flatMap((bytes) => [...toRows(loadWaveform(bytes).samples)]))
}

test('computes features as the feature workers do: without a transform, vectors and matrices are as they are stored', async () => {
  expect((await make(pooled)).values).toEqual(stored(pooled))
  expect((await make(framed)).values).toEqual(stored(framed))
})

test('makes variants of a share of the recordings, and none of what is heard as it is', async () => {
  const [, second] = CLIPS
  const { rows } = await make(pooled, { share: 0.6, clips: CLIPS.map((clip) => (clip === second ? '' : clip)) })
  expect(rows.length).toBeGreaterThan(2)
  expect(rows.length).toBeLessThan(11)
  expect(rows).not.toContain(1)
})

test('gives frames of other lengths, and masks them where the recipe does', async () => {
  const steps = [{ transform: 'TimeStretch', params: { rate: 0.8 } }]
  const stretched = await make(framed, { recipe: recipeSchema.parse({ ...untouched, steps }) })
  const plain = await make(framed)
  expect(stretched.lengths.every((length, row) => length > plain.lengths[row] && length % WIDTH === 0)).toBe(true)
  const frames = { timeMasks: 2, timeMaskFrames: 4, frequencyMasks: 1, frequencyMaskBins: 3 }
  const masked = await make(framed, { recipe: recipeSchema.parse({ ...untouched, frames }) })
  expect(masked.lengths).toEqual(plain.lengths)
  const same = masked.values.filter((value, at) => value === plain.values[at]).length / plain.values.length
  expect(same).toBeGreaterThan(0.2)
  expect(same).toBeLessThan(0.95)
})

test('mixes no recording into its own variant', async () => {
  const steps = [{ transform: 'AddBabbleNoise', params: { snrDb: 0, speakers: 1 } }]
  const recipe = recipeSchema.parse({ ...untouched, missingResources: 'skip', steps })
  const [clip] = CLIPS
  const voice = { name: clip, sampleRate: 22_050, samples: await readWaveform(folder, clip) }
  const own = await make(pooled, { recipe, clips: [clip] }, { voices: [{ ...voice, root: clip }] })
  expect(own.values).toEqual(stored(pooled).subarray(0, WIDTH))
  const others = await make(pooled, { recipe, clips: [clip] }, { voices: [{ ...voice, root: CLIPS[1] }] })
  expect(others.values).not.toEqual(own.values)
})

test('says why a recording cannot be read, with the code of the decoder', async () => {
  const broken = 'f'.repeat(64)
  await writeFile(join(folder, recordingFile(broken)), 'no recording')
  const task = { kind: 'decode', folder, recordings: [broken], sampleRate: 22_050, next: counter() } as const
  expect(await runVariantsTask(task)).toMatchObject({ refused: { code: 'not_audio' } })
})
