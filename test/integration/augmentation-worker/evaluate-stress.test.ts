import { createHash, randomUUID } from 'node:crypto'
import { EMOTIONS, runSpecSchema, stressRequestSchema, type StressRequestInput } from '@ser/contracts'
import { createRun, getStressEvaluation } from '@ser/database'
import { EXTRACTOR_VERSION } from '@ser/features'
import { buildModel, loadTensorflow, saveModel } from '@ser/model'
import { modelKey } from '@ser/object-storage'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reconcile } from '../../../apps/admin-api/src/reconcile.ts'
import { requestStress } from '../../../apps/admin-api/src/request-stress.ts'
import { addRecordings, openLab, synthesise, type Lab } from './open-lab.ts'

let lab: Lab
let clips: string[]
let runId: string
beforeAll(async () => {
  lab = await openLab()
  // 40 recordings of the test side, and 4 of the training side.
  clips = await addRecordings(
    lab,
    'speech',
    Array.from({ length: 44 }, (_, number) => synthesise(number)),
  )
  runId = await addModel()
}, 60_000)
afterAll(() => lab.close())

const waiting = { timeout: 60_000, interval: 50 }

/** A run with a small, untrained model, as the trainer leaves one. */
async function addModel(): Promise<string> {
  const id = randomUUID()
  const spec = runSpecSchema.parse({ model: 'small', datasets: ['speech'] })
  await createRun(lab.db, { id, spec })
  const { tf } = await loadTensorflow()
  const architecture = { layout: 'one-step' as const, features: 170, lstmUnits: [8], denseUnits: 8, dropout: 0 }
  const model = buildModel(tf, { ...architecture, classes: 7, seed: 5 })
  const bytes = saveModel(model, {
    labels: [...EMOTIONS],
    features: { spec: spec.featureSet, extractor: EXTRACTOR_VERSION, groups: [...spec.features] },
  })
  model.dispose()
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  await lab.storage.put(modelKey(sha256), bytes)
  await lab.db.query(
    `insert into run_clips (run_id, sha256, label, side)
     select $1, sha256, position % 7, case when position > 40 then 'train' else 'test' end
     from unnest($2::bytea[]) with ordinality as given (sha256, position)`,
    [id, clips.map((clip) => Buffer.from(clip, 'hex'))],
  )
  await lab.db.query(
    `with set as (insert into feature_sets (hash, spec, extractor) values (decode($2, 'hex'), '{}', 'x') returning id)
     insert into model_versions (model, version, run_id, feature_set_id, artefact_key, artefact_sha256, artefact_bytes, accuracy, uar)
     select 'small', 1, $1, set.id, $3, decode($2, 'hex'), $4, 0, 0 from set`,
    [id, sha256, modelKey(sha256), bytes.length],
  )
  return id
}

const few = { noises: ['pink', 'babble'], snrDb: [10, 0], rt60Seconds: [0.4], clippingPercent: [25] } as const
const ask = (request: StressRequestInput) =>
  requestStress(lab, { model: 'small', version: 1 }, stressRequestSchema.parse(request))
const evaluationOf = (id: string) => getStressEvaluation(lab.db, id)
const statusOf = async (id: string) => (await evaluationOf(id)).status
const fewConditions: StressRequestInput = {
  ...few,
  noises: [...few.noises],
  snrDb: [...few.snrDb],
  rt60Seconds: [0.4],
  clippingPercent: [25],
}

test('evaluates on the test side under every condition; the same request gives the same figures, also after a killed worker', async () => {
  const worker = await lab.start('augmentation-worker')
  const asked = await ask(fewConditions)
  expect(asked).toMatchObject({ status: 'queued', progress: { recordings: null, done: 0, conditions: 8 }, results: [] })
  await expect.poll(() => statusOf(asked.id), waiting).toBe('completed')
  const done = await evaluationOf(asked.id)
  expect(done).toMatchObject({ labels: EMOTIONS, progress: { recordings: 40, done: 40 }, error: null })
  expect(done.results.map(({ condition }) => condition.kind)).toEqual([
    'clean',
    'noise',
    'noise',
    'noise',
    'noise',
    'room',
    'telephone',
    'clipping',
  ])
  for (const { recordings, accuracy, intervals, confusion } of done.results) {
    expect(recordings).toBe(40)
    expect(confusion.flat().reduce((a, b) => a + b, 0)).toBe(40)
    expect(accuracy).toBeGreaterThanOrEqual(intervals.accuracy.low)
    expect(accuracy).toBeLessThanOrEqual(intervals.accuracy.high)
  }
  // An untrained model hears the difference at least.
  expect(new Set(done.results.map(({ confusion }) => JSON.stringify(confusion))).size).toBeGreaterThan(1)

  const again = await ask(fewConditions)
  const doneParts = async () => (await evaluationOf(again.id)).progress.done
  await expect.poll(doneParts, { ...waiting, interval: 5 }).toBeGreaterThan(0)
  await worker.kill()
  await lab.start('augmentation-worker')
  await expect.poll(() => statusOf(again.id), waiting).toBe('completed')
  expect((await evaluationOf(again.id)).results).toEqual(done.results)
}, 150_000)

test('a lost queue loses no evaluation, and a limit is kept', async () => {
  const asked = await ask({ ...fewConditions, limit: 10, seed: 3 })
  await lab.emptyRedis()
  expect(await reconcile(lab)).toMatchObject({ evaluations: 1 })
  await expect.poll(() => statusOf(asked.id), waiting).toBe('completed')
  expect((await evaluationOf(asked.id)).progress).toMatchObject({ recordings: 10, done: 10 })
}, 90_000)

test('refuses what the model was trained with: recordings, and what was mixed into its variants', async () => {
  const noise = await addRecordings(lab, 'noise', [synthesise(900, 0.5), synthesise(901, 0.5), synthesise(902, 0.5)])
  expect(await ask({ ...fewConditions, resources: { noise: { dataset: 'noise' } } })).toMatchObject({
    resources: { noise: 3 },
    progress: { conditions: 8 },
  })
  await expect(ask({ ...fewConditions, resources: { voices: { dataset: 'speech' } } })).rejects.toMatchObject({
    code: 'STRESS_HEARD_BEFORE',
    kind: 'bad-input',
  })
  // A variant of a training recording into which one of the noises was mixed, itself made into another variant that was trained on.
  const [middle, variant] = [synthesise(950), synthesise(951)]
  const [middleSha, variantSha] = await addRecordings(lab, 'variants', [middle, variant])
  await lab.db.query(
    `with recipe as (insert into recipes (hash, name, version, transforms, spec) values (sha256('r'), 'r', 1, '1', '{}') returning id),
     used as (insert into resource_sets (hash, members) values (sha256('a'), jsonb_build_object('noise', jsonb_build_array($4::text))) returning id),
     none as (insert into resource_sets (hash, members) values (sha256('b'), '{}') returning id),
     made as (
       insert into clip_variants (parent, recipe_id, resource_set_id, seed, copy, sha256, root, applied, output_gain_db)
       select decode($1, 'hex'), recipe.id, used.id, 1, 0, decode($2, 'hex'), decode($1, 'hex'), '[]'::jsonb, 0 from recipe, used
       union all
       select decode($2, 'hex'), recipe.id, none.id, 1, 0, decode($3, 'hex'), decode($1, 'hex'), '[]'::jsonb, 0 from recipe, none)
     insert into run_clips (run_id, sha256, label, side) values ($5, decode($3, 'hex'), 0, 'train')`,
    [clips[43], middleSha, variantSha, noise[1], runId],
  )
  const refused = ask({ ...fewConditions, resources: { noise: { dataset: 'noise' } } })
  await expect(refused).rejects.toMatchObject({
    code: 'STRESS_HEARD_BEFORE',
    message: expect.stringContaining(`trained with 1 of the recordings that it is to be evaluated with: ${noise[1]};`),
  })
})

test('what can never be done ends with its reason', async () => {
  await expect(ask({ noises: ['recordings'] })).rejects.toMatchObject({ code: 'RESOURCES_MISSING' })
  await addRecordings(lab, 'broken', [Buffer.from('no recording')])
  const asked = await ask({ noises: ['recordings'], snrDb: [0], resources: { noise: { dataset: 'broken' } } })
  await expect.poll(() => statusOf(asked.id), waiting).toBe('failed')
  expect((await evaluationOf(asked.id)).error).toMatchObject({ code: 'RESOURCE_UNUSABLE' })
}, 90_000)
