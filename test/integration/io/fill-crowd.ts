import { randomUUID } from 'node:crypto'
import { augmentRequestSchema, ingestRequestSchema, runSpecSchema, stressRequestSchema } from '@ser/contracts'
import {
  createAugmentation,
  ensureRecipe,
  ensureResourceSet,
  findAugmentationWork,
  type AugmentationWork,
  type Database,
} from '@ser/database'
import { addDataset, hashOf } from './sample-rows.ts'

/** Rows of a small dataset, one run and one of everything else, beside a crowd of others. */
export type Crowd = {
  readonly small: Awaited<ReturnType<typeof addDataset>>
  readonly work: AugmentationWork
  /** One of 20 runs, which have used the crowd between them. It is running, in its first attempt. */
  readonly runId: string
  /** A running stress evaluation of version 1 of `model-1`. */
  readonly stressId: string
  /** A running ingestion of the small dataset. */
  readonly ingestionId: string
}

/** Recordings. */
const CROWD = 30_000
/** Runs with a model each, requests, stress evaluations. */
const RECORDS = 2000

/**
 * As many rows as it takes for Postgres to weigh its plans as it does with millions: clips and vectors by the thousand in every partition,
 * beside which the dataset in question is small, and requests and runs of some years.
 */
export async function fillCrowd(db: Database): Promise<Crowd> {
  const small = await addDataset(db, 'small', 400)
  const [runId, stressId, ingestionId] = [randomUUID(), randomUUID(), randomUUID()]
  await addRecordings(db, small.featureSet.rowId)
  const work = await augment(db, small.datasetId)
  await addVariants(db, work)
  await addRuns(db, runId)
  await addRequests(db, { ingestionId, datasetId: small.datasetId, work })
  await addModels(db, small.featureSet.rowId)
  await addStress(db, stressId)
  await db.query('analyze')
  return { small, work, runId, stressId, ingestionId }
}

async function augment(db: Database, datasetId: number): Promise<AugmentationWork> {
  const id = randomUUID()
  await createAugmentation(db, {
    id,
    request: augmentRequestSchema.parse({ dataset: 'small', recipe: 'paper-noise', copies: 2 }),
    datasetId,
    intoDatasetId: datasetId,
    recipe: await ensureRecipe(db, { hash: hashOf('x'), name: 'x', version: 1, transforms: '1', spec: {} }),
    resourceSet: await ensureResourceSet(db, {}),
  })
  const work = await findAugmentationWork(db, id)
  if (work === undefined) throw new Error('the augmentation is not there')
  return work
}

async function addRecordings(db: Database, featureSet: number): Promise<void> {
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
       select ${featureSet}, sha256, 'x', 'x' from clip where n % 3 < 2)
     insert into feature_vectors (feature_set_id, sha256, vector)
     select ${featureSet}, sha256, sha256 from clip where n % 3 > 0`,
  )
}

async function addVariants(db: Database, work: AugmentationWork): Promise<void> {
  await db.query(
    `with variant as (select sha256(convert_to(n::text, 'utf8')) as parent, n from generate_series(1, ${CROWD}) as n),
     done as (insert into augmentation_clips (augmentation, sha256) select ${work.number}, parent from variant where n % 2 = 0)
     insert into clip_variants (parent, recipe_id, resource_set_id, seed, copy, sha256, root, applied, output_gain_db)
     select parent, ${work.recipe.rowId}, ${work.resourceSet.rowId}, 1, 0, sha256(parent), parent, '[]', 0 from variant`,
  )
}

async function addRuns(db: Database, runId: string): Promise<void> {
  await db.query(
    `insert into runs (id, spec, spec_hash, status, attempts)
     select case when n = 0 then $1::uuid else gen_random_uuid() end, $2, sha256(int4send(n)), 'running', 1
     from generate_series(0, 19) as n`,
    [runId, JSON.stringify(runSpecSchema.parse({ datasets: ['small'], model: 'model-1' }))],
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
}

async function addRequests(
  db: Database,
  of: { readonly ingestionId: string; readonly datasetId: number; readonly work: AugmentationWork },
): Promise<void> {
  const { ingestionId, datasetId, work } = of
  await db.query(`insert into datasets (name) select 'other-' || n from generate_series(0, 99) as n`)
  const request = ingestRequestSchema.parse({ dataset: 'small', source: { kind: 'folder', path: '/small' } })
  await db.query(
    `insert into ingestions (id, dataset_id, request, status, created_at)
     select case when n = 0 then $1::uuid else gen_random_uuid() end, case when n = 0 then $2::int else other.id end, $3,
       case when n = 0 then 'running' else 'completed' end, now() - n * interval '1 minute'
     from generate_series(0, ${RECORDS}) as n join datasets other on other.name = 'other-' || n % 100`,
    [ingestionId, datasetId, JSON.stringify(request)],
  )
  await db.query(
    `insert into augmentations (id, dataset_id, into_dataset_id, recipe_id, resource_set_id, request, copies, seed, status, total, created_at)
     select gen_random_uuid(), other.id, other.id, recipe_id, resource_set_id, request, copies, seed, 'completed', 1,
       now() - n * interval '1 minute'
     from augmentations, generate_series(1, ${RECORDS}) as n join datasets other on other.name = 'other-' || n % 100
     where number = $1`,
    [work.number],
  )
}

/** Ten versions of each model, one a run, each promoted once, in experiments of ten runs. */
async function addModels(db: Database, featureSet: number): Promise<void> {
  await db.query(
    `with run as (
       insert into runs (id, spec, spec_hash, status, attempts, created_at)
       select gen_random_uuid(), spec, sha256(int4send(n)), 'completed', 1, now() - n * interval '1 minute'
       from generate_series(100, ${RECORDS + 99}) as n, (select spec from runs limit 1) as one
       returning id),
     numbered as (select id, row_number() over () - 1 as n from run),
     experiments as (insert into experiment_runs (experiment, run_id) select 'experiment-' || n / 10, id from numbered),
     checkpoints as (
       insert into run_checkpoints (run_id, epoch, object_key, sha256, bytes, snapshot_hash, code_version, backend)
       select id, 1, 'x', sha256('x'), 1, sha256('x'), 'x', 'x' from numbered)
     insert into model_versions
       (model, version, run_id, feature_set_id, artefact_key, artefact_sha256, artefact_bytes, accuracy, uar, created_at)
     select 'model-' || n / 10, n % 10 + 1, id, $1, 'x', sha256('x'), 1, 0, 0, now() - n * interval '1 minute' from numbered`,
    [featureSet],
  )
  await db.query(
    `with change as (
       insert into registry_changes (model, action, alias, version, token_name)
       select model, 'promote', 'champion', version, 'x' from model_versions returning model, version, id)
     insert into model_aliases (model, alias, version, change_id)
     select model, 'champion', version, id from change where version = 10`,
  )
}

async function addStress(db: Database, stressId: string): Promise<void> {
  await db.query(
    `with evaluation as (
       insert into stress_evaluations (id, model, version, request, conditions, members, status)
       select case when mine then $1::uuid else gen_random_uuid() end, model, version, $2, '[]', '{}',
         case when mine then 'running' else 'completed' end
       from (select *, model = 'model-1' and version = 1 as mine from model_versions) as of
       returning id),
     parts as (
       insert into stress_parts (evaluation_id, part, recordings, predicted)
       select id, part, 1, 'x' from evaluation, generate_series(2, 11) as part)
     insert into stress_results (evaluation_id, position, result)
     select id, position, '{}' from evaluation, generate_series(11, 20) as position where id <> $1`,
    [stressId, JSON.stringify(stressRequestSchema.parse({}))],
  )
}
