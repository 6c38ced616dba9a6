import {
  createDatabase,
  deleteDatasetClips,
  ensureDataset,
  ensureFeatureSet,
  findClipsOwingVectors,
  findFeatureSet,
  findSharedClips,
  getFeatureProgress,
  insertRejections,
  listDatasets,
  listFeatureSets,
  readVectors,
  recordFeatureFailures,
  registerDatasetClips,
  scanClipsOwingVectors,
  upsertClips,
  upsertVectors,
  type Database,
} from '@ser/database'
import { featureSetId, featureSpecSchema } from '@ser/contracts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../support/index.ts'
import { addDataset, clipRow, datasetClipRow, hashOf, oddVector } from './sample-rows.ts'

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

const bits = (values: Float32Array) => Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('hex')

test('vectors come back bit for bit, in the order of the hashes, whatever order they were stored in', async () => {
  const { shas, featureSet } = await addDataset(db, 'round-trip', 300)
  const vectors = shas.map((sha256, index) => ({ sha256, values: oddVector(index) }))
  expect(await upsertVectors(db, featureSet.rowId, vectors.slice(150).toReversed())).toBe(150)
  expect(await upsertVectors(db, featureSet.rowId, vectors)).toBe(150)
  expect(await upsertVectors(db, featureSet.rowId, vectors)).toBe(0)

  const table = await readVectors(db, { datasets: ['round-trip'], featureSet: featureSet.rowId, length: 170 })
  const expected = vectors.toSorted((a, b) => (a.sha256 < b.sha256 ? -1 : 1))
  expect(table.clips.map(({ sha256 }) => sha256)).toEqual(expected.map(({ sha256 }) => sha256))
  expect(table.clips[0]).toEqual({
    sha256: expected[0].sha256,
    label: 'angry',
    speaker: 'OAF',
    word: 'back',
    split: null,
    dataset: 'round-trip',
    parent: null,
  })
  for (const [row, { values }] of expected.entries()) expect(bits(table.at(row))).toBe(bits(values))
})

test('a vector that is stored is never changed, and a clip that has vanished gets none', async () => {
  const { shas, featureSet } = await addDataset(db, 'stays', 1)
  const [sha256] = shas
  const gone = hashOf('never stored')
  await upsertVectors(db, featureSet.rowId, [{ sha256, values: oddVector(1) }])
  const again = [sha256, gone].map((sha) => ({ sha256: sha, values: oddVector(2) }))
  expect(await upsertVectors(db, featureSet.rowId, again)).toBe(0)
  const table = await readVectors(db, { datasets: ['stays'], featureSet: featureSet.rowId, length: 170 })
  expect(bits(table.at(0))).toBe(bits(oddVector(1)))
})

test('vectors of different lengths can be stored together, and are not mixed up when they are read', async () => {
  const { shas, featureSet } = await addDataset(db, 'lengths', 3)
  const lengths = [3, 0, 5]
  await upsertVectors(
    db,
    featureSet.rowId,
    shas.map((sha256, index) => ({ sha256, values: new Float32Array(lengths[index]).fill(index + 1) })),
  )
  const { rows } = await db.query<{ values: number[] }>(
    'select vector_values(v.vector) as values from unnest($1::bytea[]) with ordinality as w (sha256, n) join feature_vectors v using (sha256) order by n',
    [shas.map((sha) => Buffer.from(sha, 'hex'))],
  )
  expect(rows.map(({ values }) => values)).toEqual([[1, 1, 1], [], [3, 3, 3, 3, 3]])
  await expect(
    readVectors(db, { datasets: ['lengths'], featureSet: featureSet.rowId, length: 3 }),
  ).rejects.toMatchObject({ code: 'VECTOR_LENGTH', kind: 'conflict' })
  // The connection that was left in the middle of a COPY is not used again.
  expect((await db.query<{ one: number }>('select 1 as one')).rows).toEqual([{ one: 1 }])
})

test('a recording that lies under several paths is read once, with what its first path says', async () => {
  const { shas, featureSet, datasetId } = await addDataset(db, 'twice', 1)
  const [sha256] = shas
  await registerDatasetClips(db, datasetId, [datasetClipRow('twice/0.wav', sha256, 'sad')])
  const other = await ensureDataset(db, 'a-copy')
  await registerDatasetClips(db, other, [datasetClipRow('z.wav', sha256, 'fear')])
  await upsertVectors(db, featureSet.rowId, [{ sha256, values: oddVector(1) }])
  const read = async (datasets: string[]) =>
    (await readVectors(db, { datasets, featureSet: featureSet.rowId, length: 170 })).clips.map(({ label }) => label)
  expect(await read(['twice'])).toEqual(['sad'])
  expect(await read(['twice', 'a-copy'])).toEqual(['fear'])
  expect(await read(['no-such-dataset'])).toEqual([])
})

test('clips that datasets share are found with all that is said of them, and only those', async () => {
  const { shas, datasetId } = await addDataset(db, 'shared', 3)
  const other = await ensureDataset(db, 'another')
  await registerDatasetClips(db, other, [datasetClipRow('z.wav', shas[0], 'fear')])
  await registerDatasetClips(db, datasetId, [{ ...datasetClipRow('y.wav', shas[1]), speaker: 'Anna' }])
  const [first] = await findSharedClips(db, ['shared', 'another']).then((found) =>
    found.filter(({ sha256 }) => sha256 === shas[0]),
  )
  expect(first).toMatchObject({ datasets: ['another', 'shared'], labels: ['angry', 'fear'] })
  const within = await findSharedClips(db, ['shared'])
  expect(within).toEqual([{ sha256: shas[1], datasets: ['shared'], labels: ['angry'], speakers: ['Anna', 'OAF'] }])
  expect(await findSharedClips(db, ['another'])).toEqual([])
})

test('a clip owes a vector until it has one or a reason why not', async () => {
  const { shas, featureSet, datasetId } = await addDataset(db, 'owing', 10)
  const owing = async () => (await findClipsOwingVectors(db, featureSet.rowId, [...shas, hashOf('gone')])).length
  expect(await owing()).toBe(10)
  await upsertVectors(db, featureSet.rowId, [{ sha256: shas[0], values: oddVector(0) }])
  const failure = { sha256: shas[1], code: 'not_audio', message: 'the file is no WAV or AIFF' }
  await recordFeatureFailures(db, featureSet.rowId, [failure, failure])
  expect(await owing()).toBe(8)
  expect(await getFeatureProgress(db, 'owing', featureSet.id)).toMatchObject({ clips: 10, vectors: 1, failed: 1 })

  const scanned: string[] = []
  let after: string | undefined
  let pages = 0
  do {
    const page = await scanClipsOwingVectors(db, { datasetId, featureSet: featureSet.rowId, after, limit: 3 })
    scanned.push(...page.clips)
    after = page.next
    pages += 1
  } while (after !== undefined)
  expect(scanned.toSorted()).toEqual(shas.slice(2).toSorted())
  expect(pages).toBe(4)

  // Its reason is forgotten when a vector could be made after all.
  await upsertVectors(db, featureSet.rowId, [{ sha256: shas[1], values: oddVector(1) }])
  expect(await getFeatureProgress(db, 'owing', featureSet.id)).toMatchObject({ vectors: 2, failed: 0 })
})

test('registering again changes nothing; a new label or recording is a change', async () => {
  const id = await ensureDataset(db, 'register')
  const shas = ['one', 'two', 'three'].map(hashOf)
  expect(await upsertClips(db, [...shas, shas[0]].map(clipRow))).toEqual(new Set(shas))
  expect(await upsertClips(db, shas.map(clipRow))).toEqual(new Set())
  const rows = shas.map((sha256, index) => datasetClipRow(`${index}.wav`, sha256))
  expect(await registerDatasetClips(db, id, rows)).toEqual({ added: 3, changed: 0, unchanged: 0 })
  expect(await registerDatasetClips(db, id, rows)).toEqual({ added: 0, changed: 0, unchanged: 3 })
  const changed = [
    rows[0],
    { ...rows[1], label: 'sad' },
    datasetClipRow('2.wav', shas[0]),
    datasetClipRow('3.wav', shas[0]),
  ]
  expect(await registerDatasetClips(db, id, changed)).toEqual({ added: 1, changed: 2, unchanged: 1 })
})

test('processes that store the same clips in different orders do not block each other', async () => {
  const shas = Array.from({ length: 2000 }, (_, index) => hashOf(`deadlock ${index}`))
  const batches = [shas, shas.toReversed(), shas, shas.toReversed()].map((batch) => upsertClips(db, batch.map(clipRow)))
  const stored = await Promise.all(batches)
  expect(stored.reduce((sum, { size }) => sum + size, 0)).toBe(2000)
})

test('a feature set is its spec and its extractor, however many ask for it at once', async () => {
  const spec = featureSpecSchema.parse({ nMfcc: 20 })
  const sets = await Promise.all(Array.from({ length: 6 }, () => ensureFeatureSet(db, spec, 'test-2')))
  expect(new Set(sets.map(({ rowId }) => rowId)).size).toBe(1)
  expect(sets[0].id).toBe(featureSetId(spec, 'test-2'))
  expect(await findFeatureSet(db, sets[0].id)).toEqual(sets[0])
  expect((await ensureFeatureSet(db, spec, 'test-3')).rowId).not.toBe(sets[0].rowId)
  expect(await findFeatureSet(db, hashOf('nobody'))).toBeUndefined()
})

test('the numbers that lists show are kept whatever is written, also when a dataset is removed', async () => {
  const { shas, featureSet, datasetId } = await addDataset(db, 'counted', 20)
  const shown = async () => {
    const dataset = (await listDatasets(db)).find(({ name }) => name === 'counted')
    return dataset === undefined ? undefined : [dataset.clips, dataset.rejected]
  }
  const vectors = async () => (await listFeatureSets(db)).find(({ id }) => id === featureSet.id)?.vectors ?? 0
  const before = await vectors()
  const rows = shas.map((sha256, index) => ({ sha256, values: oddVector(index) }))
  await Promise.all([upsertVectors(db, featureSet.rowId, rows), upsertVectors(db, featureSet.rowId, rows)])
  expect((await vectors()) - before).toBe(20)
  await insertRejections(db, datasetId, [
    { path: 'a.txt', sha256: null, code: 'x', message: 'x' },
    { path: 'b.txt', sha256: null, code: 'x', message: 'x' },
  ])
  await insertRejections(db, datasetId, [{ path: 'a.txt', sha256: null, code: 'y', message: 'y' }])
  await deleteDatasetClips(db, datasetId, ['counted/0000.wav'])
  expect(await shown()).toEqual([19, 2])
  await registerDatasetClips(db, datasetId, [datasetClipRow('a.txt', shas[0])])
  expect(await shown()).toEqual([20, 1])
  await db.query('delete from datasets where id = $1', [datasetId])
  expect(await shown()).toBeUndefined()
  const { rows: left } = await db.query<{ clips: number; rejected: number }>(
    'select sum(clips)::bigint as clips, sum(rejected)::bigint as rejected from dataset_counts where dataset_id = $1',
    [datasetId],
  )
  expect(left).toEqual([{ clips: 0, rejected: 0 }])
})

test('a variant is read with the recording that it goes back to, of several the first', async () => {
  const { shas, featureSet } = await addDataset(db, 'rooted', 3)
  const [original, other, variant] = shas
  for (const [copy, root] of [original, other].entries())
    await db.query(
      `insert into clip_variants (parent, recipe_id, resource_set_id, seed, copy, sha256, root, applied, output_gain_db)
       select root, 1, 1, 1, $1, decode($2, 'hex'), root, '[]', 0 from (select decode($3, 'hex') as root) as r`,
      [copy, variant, root],
    )
  await upsertVectors(
    db,
    featureSet.rowId,
    shas.map((sha256) => ({ sha256, values: oddVector(1) })),
  )
  const { clips } = await readVectors(db, { datasets: ['rooted'], featureSet: featureSet.rowId, length: 170 })
  const parents = Object.fromEntries(clips.map(({ sha256, parent }) => [sha256, parent]))
  expect(parents).toEqual({ [original]: null, [other]: null, [variant]: [original, other].toSorted()[0] })
})

test('SQL sees the numbers of a vector as they are: infinite, tiny, negative zero', async () => {
  const { shas, featureSet } = await addDataset(db, 'numbers', 2)
  const special = Float32Array.from([NaN, Infinity, -Infinity, -0, 1.17549435e-38, -1e-45, 1.1754942e-38])
  const vectors = [oddVector(7), special].map((values, index) => ({ sha256: shas[index], values }))
  await upsertVectors(db, featureSet.rowId, vectors)
  for (const { sha256, values } of vectors) {
    const { rows } = await db.query<{ values: number[]; third: number }>(
      `select vector_values(vector) as values, (vector_values(vector))[3] as third from feature_vectors where sha256 = decode($1, 'hex')`,
      [sha256],
    )
    expect(bits(Float32Array.from(rows[0].values))).toBe(bits(values))
    expect(Math.fround(rows[0].third)).toBe(Math.fround(values[2]))
  }
})
