import { createHash, randomUUID } from 'node:crypto'
import { augmentRequestSchema, runSpecSchema } from '@ser/contracts'
import {
  createAugmentation,
  ensureDataset,
  ensureFeatureSet,
  ensureRecipe,
  ensureResourceSet,
  findAugmentationWork,
  readVectors,
  storeVariants,
  upsertVectors,
  type Database,
} from '@ser/database'
import { EXTRACTOR_VERSION } from '@ser/features'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addDataset, openTrainer, smallSpec } from './open-trainer.ts'

const CLIPS = 70
const COPIES = 2
const applied = [{ step: 0, transform: 'AddPeakNoise', parameters: { peakFraction: 0.0123 } }]

let bench: Awaited<ReturnType<typeof openTrainer>>
beforeAll(async () => {
  bench = await openTrainer()
  await bench.start()
  await addDataset(bench.db, 'clean', { clips: CLIPS })
  await addVariants(bench.db, 'clean', 'clean-noisy')
  await addVariants(bench.db, 'clean-noisy', 'clean-noisier')
})
afterAll(() => bench.close())

/** Variants of every clip of a dataset, stored as the augmentation worker stores them, with the vectors of their parents. */
async function addVariants(db: Database, dataset: string, into: string): Promise<void> {
  const id = randomUUID()
  const hash = createHash('sha256').update(into).digest('hex')
  const request = augmentRequestSchema.parse({ dataset, recipe: 'paper-noise', copies: COPIES })
  await createAugmentation(db, {
    id,
    request,
    datasetId: await ensureDataset(db, dataset),
    intoDatasetId: await ensureDataset(db, into),
    recipe: await ensureRecipe(db, { hash, name: into, version: 1, transforms: '1', spec: {} }),
    resourceSet: await ensureResourceSet(db, {}),
  })
  const work = (await findAugmentationWork(db, id))!
  const { featureSet: spec } = runSpecSchema.parse(smallSpec())
  const featureSet = await ensureFeatureSet(db, spec, EXTRACTOR_VERSION)
  const parents = await readVectors(db, { datasets: [dataset], featureSet: featureSet.rowId, length: 12 })
  for (const [row, { sha256: parent }] of parents.clips.entries()) {
    const clips = Array.from({ length: COPIES }, (_, copy) => variantClip(`${into} ${parent} ${copy}`))
    const variants = clips.map((clip, copy) => ({ copy, clip, applied, outputGainDb: 0 }))
    expect(await storeVariants(db, work, parent, variants)).toEqual({ made: COPIES, placed: true })
    const values = parents.at(row)
    await upsertVectors(
      db,
      featureSet.rowId,
      clips.map(({ sha256 }) => ({ sha256, values })),
    )
  }
}

function variantClip(name: string) {
  const sha256 = createHash('sha256').update(name).digest('hex')
  const recording = { container: 'wav', encoding: 'pcm_s16', sampleRate: 22_050, channels: 1, frames: 1 }
  return { sha256, objectKey: 'audio', bytes: 1, ...recording }
}

/** Clips of a run by side, and how many of them lie on another side than the original that they come from. */
async function sidesOf(run: string) {
  const { rows } = await bench.db.query<{ train: number; test: number; variants: number; astray: number }>(
    `select count(*) filter (where mine.side = 'train') as train, count(*) filter (where mine.side = 'test') as test,
       count(v.root) as variants,
       count(*) filter (where exists (
         select from clip_variants other join run_clips theirs on theirs.sha256 = other.sha256 and theirs.run_id = mine.run_id
         where other.root = coalesce(v.root, mine.sha256) and theirs.side <> mine.side)) as astray
     from run_clips mine left join clip_variants v on v.sha256 = mine.sha256
     where mine.run_id = $1`,
    [run],
  )
  return rows[0]
}

test.each([
  ['with the originals', ['clean', 'clean-noisy'], CLIPS * (1 + COPIES)],
  ['without the originals', ['clean-noisy'], CLIPS * COPIES],
  ['of variants, without what is in between', ['clean', 'clean-noisier'], CLIPS * (1 + COPIES * COPIES)],
])('a variant lies on the side of its original: %s', async (_, datasets, clips) => {
  const id = await bench.enqueue(smallSpec({ datasets, split: { by: 'clip', test: 0.3 }, epochs: 1 }))
  const run = await bench.ended(id)
  expect(run).toMatchObject({ status: 'completed', error: null })
  const conditions = run.evaluation?.groups?.filter(({ by }) => by === 'condition').map(({ name }) => name)
  expect(conditions).toEqual(datasets.includes('clean') ? ['clean', 'white noise, 1 to 2 % of the peak'] : [])
  const { train, test: tested, variants, astray } = await sidesOf(id)
  expect(train + tested).toBe(clips)
  expect(tested / clips).toBeCloseTo(0.3, 5)
  expect(variants).toBe(datasets.includes('clean') ? clips - CLIPS : clips)
  expect(astray).toBe(0)
})

test('a dataset of variants cannot be the test side of the originals that they were made from', async () => {
  const split = { by: 'dataset' as const, test: ['clean-noisy'] }
  const id = await bench.enqueue(smallSpec({ datasets: ['clean', 'clean-noisy'], split, epochs: 1 }))
  expect(await bench.ended(id)).toMatchObject({ status: 'failed', error: { code: expect.stringMatching(/^SPLIT_/) } })
})
