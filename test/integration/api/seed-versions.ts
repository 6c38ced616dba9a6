import { createHash, randomUUID } from 'node:crypto'
import { EMOTIONS, runSpecHash, runSpecSchema, type Evaluation, type RunSpecInput, type Side } from '@ser/contracts'
import { ensureFeatureSet, type Database } from '@ser/database'
import { EXTRACTOR_VERSION } from '@ser/features'
import { modelKey, type ObjectStorage } from '@ser/object-storage'
import { spec as featureSpec } from './seed-rows.ts'

export type TestedClip = {
  readonly sha256: string
  readonly side: Side
  /** Indices of emotions; a clip of the training side has no `predicted`. */
  readonly label: number
  readonly predicted?: number
  readonly speaker?: string
}

/** A hash that no recording has, but that a row may. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** `count` clips of the test side, labels in turn, of which every n-th is taken for the next emotion. */
export function testSide(name: string, count: number, wrongEvery: number, speakers: readonly string[] = ['a', 'b']) {
  return Array.from({ length: count }, (_, index): TestedClip => {
    const label = index % EMOTIONS.length
    const predicted = index % wrongEvery === 0 ? (label + 1) % EMOTIONS.length : label
    return {
      sha256: hashOf(`${name} ${index}`),
      side: 'test',
      label,
      predicted,
      speaker: speakers[index % speakers.length],
    }
  })
}

/** The rows that a trainer leaves behind: a completed run with its clips and predictions, its file, and the version. */
export async function seedVersion(
  { db, storage }: { readonly db: Database; readonly storage: ObjectStorage },
  { model, clips = [], spec = {} }: { model: string; clips?: readonly TestedClip[]; spec?: Partial<RunSpecInput> },
): Promise<{ version: number; runId: string; sha256: string }> {
  const runId = randomUUID()
  const runSpec = runSpecSchema.parse({ model, datasets: ['tess'], ...spec })
  const bytes = Buffer.from(`the model file of ${runId}`)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  await storage.put(modelKey(sha256), bytes)
  const tested = clips.filter(({ side }) => side === 'test')
  await db.query(
    `insert into runs (id, spec, spec_hash, status, snapshot_hash, train_clips, test_clips, backend, code_version, started_at)
     values ($1, $2, decode($3, 'hex'), 'running', decode($4, 'hex'), $5, $6, 'tensorflow', 'code-under-test', now())`,
    [runId, JSON.stringify(runSpec), runSpecHash(runSpec), hashOf(runId), clips.length - tested.length, tested.length],
  )
  const column = <T>(of: readonly TestedClip[], read: (clip: TestedClip) => T) => of.map((clip) => read(clip))
  await db.query(
    `insert into run_clips (run_id, sha256, label, side)
     select $1, decode(sha, 'hex'), label, side from unnest($2::text[], $3::smallint[], $4::text[]) as c (sha, label, side)`,
    [
      runId,
      column(clips, (clip) => clip.sha256),
      column(clips, (clip) => clip.label),
      column(clips, (clip) => clip.side),
    ],
  )
  await db.query(
    `insert into run_predictions (run_id, sha256, label, predicted, probabilities, dataset, speaker, condition)
     select $1, decode(sha, 'hex'), label, predicted, array[1]::real[], 'tess', speaker, 'clean'
     from unnest($2::text[], $3::smallint[], $4::smallint[], $5::text[]) as c (sha, label, predicted, speaker)`,
    [
      runId,
      column(tested, (clip) => clip.sha256),
      column(tested, (clip) => clip.label),
      column(tested, ({ predicted, label }) => predicted ?? label),
      column(tested, ({ speaker }) => speaker ?? 'a'),
    ],
  )
  const { rows } = await db.query<{ version: number }>(
    `with completed as (
       update runs set status = 'completed', finished_at = now(), evaluation = $2 where id = $1 returning id)
     insert into model_versions
       (model, version, run_id, feature_set_id, artefact_key, artefact_sha256, artefact_bytes, accuracy, uar)
     select $3, (select coalesce(max(version), 0) + 1 from model_versions where model = $3), id, $4, $5, decode($6, 'hex'), $7,
       0.9, 0.9 from completed
     returning version`,
    [
      runId,
      JSON.stringify(evaluation),
      model,
      (await ensureFeatureSet(db, featureSpec, EXTRACTOR_VERSION)).rowId,
      modelKey(sha256),
      sha256,
      bytes.length,
    ],
  )
  return { version: rows[0].version, runId, sha256 }
}

const evaluation: Evaluation = {
  labels: [...EMOTIONS],
  confusion: EMOTIONS.map((_, row) =>
    EMOTIONS.map((__, column) => (row === column ? 9 : row === 3 && column === 6 ? 1 : 0)),
  ),
  accuracy: 0.9,
  uar: 0.9,
  macroF1: 0.9,
  loss: 0.1,
  perClass: EMOTIONS.map((label) => ({ label, support: 9, precision: 1, recall: 0.9, f1: 0.95 })),
}
