import { createHash, randomUUID } from 'node:crypto'
import { EMOTIONS, featureSetId, featureSpecSchema, runSpecSchema, type Evaluation } from '@ser/contracts'
import { completeRun, createRun, ensureFeatureSet, startRun, storeRunEpoch, type Database } from '@ser/database'
import { EXTRACTOR_VERSION } from '@ser/features'
import { buildModel, loadTensorflow, saveModel } from '@ser/model'
import { modelKey, type ObjectStorage } from '@ser/object-storage'

export const spec = featureSpecSchema.parse({})
export const setId = featureSetId(spec, EXTRACTOR_VERSION)

/** A dataset with clips whose paths are `p000.wav`, `p001.wav` ...; labels and speakers alternate. */
export async function seedClips(db: Database, dataset: string, count: number): Promise<string[]> {
  const { rows } = await db.query<{ id: number }>('insert into datasets (name) values ($1) returning id', [dataset])
  const hashes: string[] = []
  for (let index = 0; index < count; index += 1) {
    const sha256 = createHash('sha256').update(`${dataset}/${index}`).digest('hex')
    hashes.push(sha256)
    await db.query(
      `insert into clips (sha256, object_key, bytes, container, encoding, sample_rate, channels, frames)
       values (decode($1, 'hex'), $1, 100, 'wav', 'pcm_s16le', 24414, 1, 48828)`,
      [sha256],
    )
    await db.query(
      `insert into dataset_clips (dataset_id, path, sha256, label, speaker) values ($1, $2, decode($3, 'hex'), $4, $5)`,
      [
        rows[0].id,
        `p${String(index).padStart(3, '0')}.wav`,
        sha256,
        index % 2 === 0 ? 'angry' : 'sad',
        index % 3 === 0 ? 'OAF' : 'YAF',
      ],
    )
  }
  return hashes
}

/** Some files of a dataset that were not taken in, and some clips of it without a vector. */
export async function seedRejections(
  db: Database,
  dataset: string,
  paths: readonly string[],
  clips: readonly string[],
) {
  const set = await ensureFeatureSet(db, spec, EXTRACTOR_VERSION)
  for (const path of paths)
    await db.query(
      `insert into rejected_files (dataset_id, path, code, message)
       select id, $2, 'not_audio', 'the file is not a recording' from datasets where name = $1`,
      [dataset, path],
    )
  for (const sha256 of clips)
    await db.query(
      `insert into feature_failures (feature_set_id, sha256, code, message) values ($1, decode($2, 'hex'), 'not_finite', 'NaN')`,
      [set.rowId, sha256],
    )
}

/** A run that is being trained, with that many epochs done. */
export async function seedRun(db: Database, epochs: number, model = 'paper'): Promise<string> {
  const id = randomUUID()
  await createRun(db, { id, spec: runSpecSchema.parse({ model, datasets: ['tess'], epochs: 10 }) })
  await startRun(db, id, { codeVersion: 'test' })
  for (let epoch = 1; epoch <= epochs; epoch += 1) await addEpoch(db, id, epoch)
  return id
}

export function addEpoch(db: Database, id: string, epoch: number) {
  return storeRunEpoch(db, id, {
    epoch,
    trainLoss: 2 / epoch,
    trainAccuracy: 0.5,
    testLoss: 2.5 / epoch,
    testAccuracy: 0.25,
    seconds: 0.125,
  })
}

const evaluation: Evaluation = {
  labels: [...EMOTIONS],
  confusion: EMOTIONS.map((_, row) =>
    EMOTIONS.map((__, column) => (row === column ? 9 : row === 3 && column === 6 ? 1 : 0)),
  ),
  accuracy: 0.9844,
  uar: 0.9857,
  macroF1: 0.985,
  loss: 0.1,
  perClass: EMOTIONS.map((label) => ({ label, support: 9, precision: 1, recall: 1, f1: 1 })),
}

/** Completes a run with an untrained model of the paper's features (small, unless told otherwise), stored as the trainer stores one. */
export async function completeWithModel(
  db: Database,
  storage: ObjectStorage,
  id: string,
  model = 'paper',
  seed = 1,
  units: { readonly lstmUnits: number[]; readonly denseUnits: number } = { lstmUnits: [8], denseUnits: 8 },
) {
  const { tf } = await loadTensorflow()
  const network = buildModel(tf, {
    layout: 'one-step',
    features: 170,
    ...units,
    dropout: 0,
    classes: 7,
    seed,
  })
  const groups = ['mel', 'mfcc', 'zcr', 'rms'] as const
  const bytes = saveModel(network, {
    labels: [...EMOTIONS],
    features: { spec, extractor: EXTRACTOR_VERSION, groups: [...groups] },
  })
  network.dispose()
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  await storage.put(modelKey(sha256), bytes)
  const set = await ensureFeatureSet(db, spec, EXTRACTOR_VERSION)
  const artefact = { key: modelKey(sha256), sha256, bytes: bytes.length }
  const version = await completeRun(db, id, { model, evaluation, artefact, featureSet: set.rowId })
  return { version, bytes, sha256 }
}
