import { randomUUID } from 'node:crypto'
import { augmentRequestSchema } from '@ser/contracts'
import {
  countPathsAdded,
  createAugmentation,
  createDatabase,
  deleteDatasetClips,
  deleteOtherRejections,
  describeSnapshot,
  ensureRecipe,
  ensureResourceSet,
  findAugmentationWork,
  findClipsOwingVariants,
  findClipsOwingVectors,
  findOtherLabels,
  findRunVariants,
  findSharedClips,
  findStoredClips,
  findTrainingResources,
  findVariants,
  forgetFeatureFailures,
  getClip,
  getFeatureProgress,
  getRun,
  listClips,
  listClipModels,
  listDatasets,
  listFeatureProgress,
  listFeatureSets,
  listMixedRoots,
  listOwedFeatureSets,
  listRecordings,
  listRegistryChanges,
  listRejections,
  listRunEpochs,
  listRuns,
  listRoots,
  listTestRecordings,
  listVariantSteps,
  listVersionClips,
  readCommonPredictions,
  measureRecordings,
  readMatrices,
  readRunPredictions,
  recordFeatureFailures,
  registerDatasetClips,
  scanClipsOwingVariants,
  scanClipsOwingVectors,
  storeVariants,
  upsertClips,
  upsertMatrices,
  upsertVectors,
  type AugmentationWork,
  type Database,
  type Page,
  type PageRequest,
  type Queryable,
} from '@ser/database'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { clipQuery } from '../../../libs/database/src/copy-clips.ts'
import { writeCursor } from '../../../libs/database/src/read-cursor.ts'
import { createTestDatabase, type TestDatabase } from '../../support/index.ts'
import { addDataset, clipRow, datasetClipRow, hashOf, oddVector } from './sample-rows.ts'

let database: TestDatabase
let db: Database
let work: AugmentationWork
/** One of 20 runs, which have used the crowd between them. */
const runId = randomUUID()
let small: Awaited<ReturnType<typeof addDataset>>

// As many rows as it takes for Postgres to weigh its plans as it does with millions: clips and vectors by the thousand
// in every partition, beside which the dataset in question is small.
const CROWD = 60_000

beforeAll(async () => {
  database = await createTestDatabase()
  db = createDatabase({ url: database.url })
  small = await addDataset(db, 'small', 400)
  await db.query(
    `with crowd as (insert into datasets (name) values ('crowd') returning id),
     clip as (select sha256(convert_to(n::text, 'utf8')) as sha256, n from generate_series(1, ${CROWD}) as n),
     clips as (
       insert into clips (sha256, object_key, bytes, container, encoding, sample_rate, channels, frames)
       select sha256, 'audio/' || n, 1000, 'wav', 'pcm-s16le', 24414, 1, 480 from clip),
     paths as (
       insert into dataset_clips (dataset_id, path, sha256, label, speaker)
       select crowd.id, n || '.wav', sha256, 'sad', 'x' from clip, crowd),
     rejected as (
       insert into rejected_files (dataset_id, path, code, message)
       select crowd.id, n || '.txt', 'x', 'x' from clip, crowd),
     failures as (
       insert into feature_failures (feature_set_id, sha256, code, message)
       select ${small.featureSet.rowId}, sha256, 'x', 'x' from clip where n % 3 = 0)
     insert into feature_vectors (feature_set_id, sha256, vector)
     select ${small.featureSet.rowId}, sha256, sha256 from clip where n % 3 > 0`,
  )
  work = await augment()
  await db.query(
    `with variant as (select sha256(convert_to(n::text, 'utf8')) as parent, n from generate_series(1, ${CROWD}) as n),
     done as (insert into augmentation_clips (augmentation, sha256) select ${work.number}, parent from variant where n % 2 = 0)
     insert into clip_variants (parent, recipe_id, resource_set_id, seed, copy, sha256, root, applied, output_gain_db)
     select parent, ${work.recipe.rowId}, ${work.resourceSet.rowId}, 1, 0, sha256(parent), parent, '[]', 0 from variant`,
  )
  await db.query(
    `insert into runs (id, spec, spec_hash, status)
     select case when n = 0 then $1::uuid else gen_random_uuid() end, '{"datasets": ["small"]}', sha256(int4send(n)), 'queued'
     from generate_series(0, 19) as n`,
    [runId],
  )
  await db.query(
    `with run as (select id, row_number() over (order by id) - 1 as n from runs),
     used as (
       select run.id, sha256(convert_to(crowd.n::text, 'utf8')) as sha256
       from generate_series(1, ${CROWD}) as crowd (n) join run on run.n = crowd.n % 20),
     clips as (insert into run_clips (run_id, sha256, label, side) select id, sha256, 0, 'test' from used),
     epochs as (
       insert into run_epochs (run_id, epoch, train_loss, train_accuracy, test_loss, test_accuracy, seconds)
       select id, epoch, 0, 0, 0, 0, 0 from run, generate_series(1, 500) as epoch)
     insert into run_predictions (run_id, sha256, label, predicted, probabilities, dataset, speaker, condition)
     select id, sha256, 0, 0, '{1}', 'crowd', 'x', 'clean' from used`,
  )
  await db.query('analyze')
})

afterAll(async () => {
  await db.close()
  await database.drop()
})

async function augment(): Promise<AugmentationWork> {
  const id = randomUUID()
  await createAugmentation(db, {
    id,
    request: augmentRequestSchema.parse({ dataset: 'small', recipe: 'paper-noise', copies: 2 }),
    datasetId: small.datasetId,
    intoDatasetId: small.datasetId,
    recipe: await ensureRecipe(db, { hash: hashOf('x'), name: 'x', version: 1, transforms: '1', spec: {} }),
    resourceSet: await ensureResourceSet(db, {}),
  })
  return (await findAugmentationWork(db, id))!
}

/** A transaction that is not one, so that its statements can be explained. */
const untransacted = (on: Queryable): Database => ({ ...db, ...on, transaction: (inside) => inside(on) })

type PlanNode = { 'Node Type': string; 'Relation Name'?: string; Plans?: PlanNode[] }

function sequentialScans(node: PlanNode): string[] {
  const own = node['Node Type'] === 'Seq Scan' ? [node['Relation Name'] ?? ''] : []
  return [...own, ...(node.Plans ?? []).flatMap(sequentialScans)]
}

type CountedPlan = { 'Actual Rows': number; 'Actual Loops': number; Plans?: CountedPlan[] }

/** Of the nodes of a plan, the rows that the busiest one gave, over all its loops. */
function mostRows(node: CountedPlan): number {
  return Math.max(node['Actual Rows'] * node['Actual Loops'], ...(node.Plans ?? []).map(mostRows))
}

// Those that grow with the recordings.
const BIG =
  /^(clips|dataset_clips|feature_vectors|feature_failures|clip_variants|clip_roots|augmentation_clips|rejected_files|run_clips|run_predictions|run_epochs)/

/** The big tables that an operation reads from end to end: each statement is explained, and those that only read are run. */
async function scansOf(operation: (on: Queryable) => Promise<unknown>): Promise<string[]> {
  const plans: PlanNode[] = []
  const explaining: Queryable = {
    async query(text, values) {
      const { rows } = await db.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(`explain (format json) ${text}`, values)
      plans.push(rows[0]['QUERY PLAN'][0].Plan)
      return /\b(insert|update|delete)\b/i.test(text) ? { rows: [], rowCount: 0 } : db.query(text, values)
    },
  }
  // What was not written cannot be found; the plans are all that is wanted.
  await operation(explaining).catch(() => undefined)
  expect(plans.length).toBeGreaterThan(0)
  return plans.flatMap(sequentialScans).filter((table) => BIG.test(table))
}

const page = { limit: 50 }

/** The next page of a list, whose first page is read here. */
async function secondPage(
  on: Queryable,
  list: (db: Queryable, page: PageRequest) => Promise<Page<unknown>>,
): Promise<unknown> {
  const { nextCursor } = await list(db, page)
  expect(nextCursor).not.toBeNull()
  return list(on, { ...page, cursor: nextCursor ?? '' })
}

const selection = () => ({ datasets: [small.datasetId], featureSet: small.featureSet.rowId })

const operations: Record<string, (on: Queryable) => Promise<unknown>> = {
  upsertClips: (on) => upsertClips(on, small.shas.map(clipRow)),
  registerDatasetClips: (on) =>
    registerDatasetClips(
      on,
      small.datasetId,
      small.shas.map((sha, index) => datasetClipRow(`small/${index}.wav`, sha)),
    ),
  findClipsOwingVectors: (on) => findClipsOwingVectors(on, small.featureSet.rowId, small.shas.slice(0, 256)),
  'scanClipsOwingVectors, first page': (on) =>
    scanClipsOwingVectors(on, { datasetId: small.datasetId, featureSet: small.featureSet.rowId, limit: 256 }),
  'scanClipsOwingVectors, later page': (on) =>
    scanClipsOwingVectors(on, {
      datasetId: small.datasetId,
      featureSet: small.featureSet.rowId,
      after: 'small/1',
      limit: 256,
    }),
  'scanClipsOwingVariants, first page': (on) => scanClipsOwingVariants(on, { augmentationId: work.id, limit: 256 }),
  'scanClipsOwingVariants, later page': (on) =>
    scanClipsOwingVariants(on, { augmentationId: work.id, after: 'small/1', limit: 256 }),
  findClipsOwingVariants: (on) => findClipsOwingVariants(on, work, small.shas.slice(0, 64)),
  findVariants: (on) => findVariants(on, work, small.shas.slice(0, 64)),
  'storeVariants, its rows': (on) =>
    storeVariants(untransacted(on), work, small.shas[0], [
      { copy: 0, clip: clipRow(hashOf('variant')), applied: [], outputGainDb: 0 },
    ]),
  'storeVariants, its paths': (on) => storeVariants(untransacted(on), work, small.shas[0], []),
  upsertVectors: (on) =>
    upsertVectors(
      on,
      small.featureSet.rowId,
      small.shas.slice(0, 64).map((sha256) => ({ sha256, values: oddVector(1) })),
    ),
  recordFeatureFailures: (on) =>
    recordFeatureFailures(on, small.featureSet.rowId, [{ sha256: hashOf('x'), code: 'x', message: 'x' }]),
  readVectors: (on) => on.query(clipQuery({ ...selection(), column: 'vector', share: 1 })),
  upsertMatrices: (on) =>
    upsertMatrices(
      on,
      small.featureSet.rowId,
      small.shas.slice(0, 64).map((sha256) => ({ sha256, frames: 3, matrix: new Uint8Array(6) })),
    ),
  listMatrices: (on) => on.query(clipQuery({ ...selection(), column: 'frames', share: 1 })),
  readMatrices: async (on) => {
    const clips = small.shas.slice(0, 64).map((sha256) => ({ sha256, frames: 3 }))
    for await (const rows of readMatrices(on, small.featureSet.rowId, clips)) expect(rows).toHaveLength(clips.length)
  },
  getFeatureProgress: (on) => getFeatureProgress(on, 'small', small.featureSet.id),
  listFeatureProgress: (on) => listFeatureProgress(on, 'small'),
  listFeatureSets: (on) => listFeatureSets(on),
  listDatasets: (on) => listDatasets(on),
  'listClips, all': (on) => listClips(on, {}, page),
  'listClips, all, later page': (on) => secondPage(on, (each, at) => listClips(each, {}, at)),
  'listClips of a dataset': (on) => listClips(on, { dataset: 'small' }, page),
  'listClips of a dataset and a label, later page': (on) =>
    secondPage(on, (each, at) => listClips(each, { dataset: 'small', label: 'angry' }, at)),
  'listRejections, all': (on) => listRejections(on, {}, page),
  'listRejections, all, later page': (on) => secondPage(on, (each, at) => listRejections(each, {}, at)),
  'listRejections of a dataset': (on) => listRejections(on, { dataset: 'small' }, page),
  'listRejections, failed vectors': (on) => listRejections(on, {}, { ...page, cursor: writeCursor([1, 0, '', 0, '']) }),
  'listRejections, failed vectors, later page': (on) =>
    secondPage(on, (each, at) =>
      listRejections(each, {}, { cursor: writeCursor([1, 1, '80'.repeat(32), 0, '']), ...at }),
    ),
  'listRejections, failed variants': (on) =>
    listRejections(on, {}, { ...page, cursor: writeCursor([2, 0, '', 0, '']) }),
  listOwedFeatureSets: (on) => listOwedFeatureSets(on, 'small'),
  listMixedRoots: (on) => listMixedRoots(on, small.shas.slice(0, 64)),
  listRoots: (on) => listRoots(on, small.shas.slice(0, 64)),
  measureRecordings: (on) => measureRecordings(on, small.shas.slice(0, 64)),
  findRunVariants: (on) => findRunVariants(on, randomUUID()),
  listVersionClips: (on) => listVersionClips(on, { runId }, page),
  listRegistryChanges: (on) => listRegistryChanges(on, { model: 'x' }, page),
  listRecordings: (on) => listRecordings(on, { dataset: 'small' }, 1000),
  findSharedClips: (on) => findSharedClips(on, ['small', 'other']),
  findStoredClips: (on) => findStoredClips(on, small.shas.slice(0, 64)),
  findOtherLabels: (on) =>
    findOtherLabels(
      on,
      small.datasetId,
      small.shas.slice(0, 64).map((sha256) => ({ path: 'x', sha256, label: 'sad' })),
    ),
  countPathsAdded: (on) => countPathsAdded(on, small.datasetId, new Date().toISOString()),
  deleteDatasetClips: (on) => deleteDatasetClips(on, small.datasetId, ['a', 'b']),
  deleteOtherRejections: (on) => deleteOtherRejections(on, small.datasetId, ['a', 'b']),
  getClip: (on) => getClip(on, small.shas[0]),
  listClipModels: (on) => listClipModels(on, small.shas[0], page),
  findTrainingResources: (on) => findTrainingResources(on, randomUUID(), small.shas.slice(0, 64)),
  describeSnapshot: (on) => describeSnapshot(on, runId),
  listTestRecordings: (on) => listTestRecordings(on, runId, { limit: 100, seed: 1 }),
  listVariantSteps: (on) => listVariantSteps(on, small.shas.slice(0, 64)),
  // Of a set without failures: what it reads are a set's own.
  forgetFeatureFailures: (on) =>
    forgetFeatureFailures(on, { datasetId: small.datasetId, featureSet: small.featureSet.rowId + 1 }),
  listRunEpochs: (on) => listRunEpochs(on, runId),
  getRun: (on) => getRun(on, runId),
  listRuns: (on) => listRuns(on, {}, page),
  readRunPredictions: async (on) => {
    for await (const rows of readRunPredictions(on, runId, { pageRows: 100 })) {
      expect(rows.length).toBeGreaterThan(0)
      break
    }
  },
  readCommonPredictions: (on) => readCommonPredictions(on, { first: runId, second: randomUUID() }, 1000),
}

test.each(Object.keys(operations))('%s reads no big table from end to end', async (name) => {
  const scans = await scansOf(operations[name])
  expect(scans).toEqual([])
})

/** The rows that the busiest node of any statement gives for a page of rejections. */
async function rowsRead(cursor: string): Promise<number> {
  let most = 0
  const counting: Queryable = {
    async query(text, values) {
      const { rows } = await db.query<{ 'QUERY PLAN': [{ Plan: CountedPlan }] }>(
        `explain (analyze, timing off, format json) ${text}`,
        values,
      )
      most = Math.max(most, mostRows(rows[0]['QUERY PLAN'][0].Plan))
      return db.query(text, values)
    },
  }
  await listRejections(counting, {}, { ...page, cursor })
  return most
}

test('a page of rejections costs as much at the end of a list as at its beginning', async () => {
  // Of 60,000 files and 20,000 failures.
  for (const from of [
    [0, 0, '', 0, ''],
    [0, 0, '', 1_000_000, ''],
    [1, 0, '', 0, ''],
    [1, 1, '80'.repeat(32), 0, ''],
  ])
    expect(await rowsRead(writeCursor(from))).toBeLessThan(2000)
})

test('a sequential scan would be seen', async () => {
  expect(await scansOf((on) => on.query('select count(*) from clips where bytes = 7'))).toContain('clips_p0')
})
