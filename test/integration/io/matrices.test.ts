import {
  createDatabase,
  findClipsOwingVectors,
  getFeatureProgress,
  listFeatureProgress,
  listFeatureSets,
  listMatrices,
  readMatrices,
  readVectors,
  recordFeatureFailures,
  upsertMatrices,
  upsertVectors,
  type Database,
  type MatrixRow,
} from '@ser/database'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../support/index.ts'
import { addDataset, hashOf, oddVector } from './sample-rows.ts'

let database: TestDatabase
let db: Database

beforeAll(async () => {
  database = await createTestDatabase()
  db = createDatabase({ url: database.url })
})

afterAll(async () => {
  await db.close()
  await database.drop()
})

const matrixRow = (sha256: string, frames: number): MatrixRow => ({
  sha256,
  frames,
  matrix: Uint8Array.from({ length: 7 + (frames % 50) }, (_, index) => (index * 31 + frames) % 256),
})

async function readAll(featureSet: number, clips: readonly { sha256: string; frames: number }[]): Promise<MatrixRow[]> {
  const rows: MatrixRow[] = []
  for await (const part of readMatrices(db, featureSet, clips)) rows.push(...part)
  return rows.map(({ matrix, ...row }) => ({ ...row, matrix: new Uint8Array(matrix) }))
}

test('matrices come back byte for byte, in the order asked for, and are listed without being read', async () => {
  const { shas, featureSet } = await addDataset(db, 'matrices', 40)
  const rows = shas.map((sha256, index) => matrixRow(sha256, 1 + ((index * 370) % 5000)))
  expect(await upsertMatrices(db, featureSet.rowId, rows.slice(20).toReversed())).toBe(20)
  expect(await upsertMatrices(db, featureSet.rowId, rows)).toBe(20)
  expect(await upsertMatrices(db, featureSet.rowId, rows)).toBe(0)

  const listed = await listMatrices(db, { datasets: ['matrices'], featureSet: featureSet.rowId })
  const expected = rows.toSorted((a, b) => (a.sha256 < b.sha256 ? -1 : 1))
  expect(listed.map(({ sha256, frames }) => ({ sha256, frames }))).toEqual(
    expected.map(({ sha256, frames }) => ({ sha256, frames })),
  )
  expect(listed[0]).toEqual({
    sha256: expected[0].sha256,
    frames: expected[0].frames,
    label: 'angry',
    speaker: 'OAF',
    word: 'back',
    split: null,
    dataset: 'matrices',
    parent: null,
  })
  // Some 100,000 frames are read in several statements.
  expect(await readAll(featureSet.rowId, rows)).toEqual(rows)
  await expect(readAll(featureSet.rowId, [rows[0], { sha256: hashOf('gone'), frames: 1 }])).rejects.toMatchObject({
    code: 'MATRIX_GONE',
    kind: 'conflict',
  })
})

test('a matrix is owed, counted and found missing as a vector is', async () => {
  const { shas, featureSet } = await addDataset(db, 'owing', 10)
  const counted = async () => (await listFeatureSets(db)).find(({ id }) => id === featureSet.id)?.vectors ?? 0
  const before = await counted()
  await recordFeatureFailures(db, featureSet.rowId, [{ sha256: shas[0], code: 'too_long', message: 'x' }])
  expect(await findClipsOwingVectors(db, featureSet.rowId, shas)).toHaveLength(9)
  const rows = shas.slice(0, 4).map((sha256) => matrixRow(sha256, 3))
  expect(await upsertMatrices(db, featureSet.rowId, [...rows, matrixRow(hashOf('never stored'), 3)])).toBe(4)
  expect(await findClipsOwingVectors(db, featureSet.rowId, shas)).toHaveLength(6)
  expect((await counted()) - before).toBe(4)
  // The reason is forgotten with the matrix.
  const progress = { clips: 10, vectors: 4, failed: 0 }
  expect(await getFeatureProgress(db, 'owing', featureSet.id)).toMatchObject(progress)
  expect(await listFeatureProgress(db, 'owing')).toEqual([{ featureSetId: featureSet.id, ...progress }])
})

test('a row has a vector or a matrix, never both and never neither, and none is taken for the other', async () => {
  const { shas, featureSet } = await addDataset(db, 'either', 2)
  await upsertMatrices(db, featureSet.rowId, [matrixRow(shas[0], 3)])
  // What is there stays.
  expect(await upsertVectors(db, featureSet.rowId, [{ sha256: shas[0], values: oddVector(1) }])).toBe(0)
  const selection = { datasets: ['either'], featureSet: featureSet.rowId, length: 170 }
  await expect(readVectors(db, selection)).rejects.toMatchObject({ code: 'VECTOR_LENGTH', kind: 'conflict' })
  await upsertVectors(db, featureSet.rowId, [{ sha256: shas[1], values: oddVector(1) }])
  await expect(listMatrices(db, selection)).rejects.toMatchObject({ code: 'NOT_A_MATRIX', kind: 'conflict' })
  for (const values of ['null, 3, null', "null, null, ''", "'x', 3, ''", 'null, null, null'])
    await expect(
      db.query(
        `insert into feature_vectors (feature_set_id, sha256, vector, frames, matrix) values (99, sha256('x'), ${values})`,
      ),
    ).rejects.toThrow(/vector_or_matrix/)
})

test('Postgres does not try to compress what has no redundancy', async () => {
  const { rows } = await db.query<{ storage: string }>(
    `select distinct attstorage as storage from pg_attribute where attname in ('vector', 'matrix') and attrelid in (select relid from pg_partition_tree('feature_vectors'))`,
  )
  expect(rows).toEqual([{ storage: 'e' }])
})
