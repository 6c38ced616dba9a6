import { createDatabase, readVectors, upsertVectors, type Database } from '@ser/database'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../support/index.ts'
import { addDataset, oddVector } from './sample-rows.ts'

let database: TestDatabase
let admin: Database
let lost: Error[]
let db: Database

beforeAll(async () => {
  database = await createTestDatabase()
  lost = []
  admin = createDatabase({ url: database.url, applicationName: 'admin' })
  db = createDatabase({
    url: database.url,
    maxConnections: 2,
    applicationName: 'victim',
    onConnectionLost: (error) => lost.push(error),
  })
})

afterAll(async () => {
  await db.close()
  await admin.close()
  await database.drop()
})

/** Ends every connection of `db`; true when there was one. */
async function terminate(state?: 'active' | 'idle'): Promise<boolean> {
  const { rowCount } = await admin.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where application_name = 'victim' and datname = current_database() and ($1::text is null or state = $1)`,
    [state ?? null],
  )
  return rowCount > 0
}

test('a connection that is lost while idle costs nothing: the next query has another', async () => {
  await db.query('select 1')
  expect(await terminate('idle')).toBe(true)
  await expect.poll(() => lost.length).toBeGreaterThan(0)
  expect((await db.query<{ two: number }>('select 2 as two')).rows).toEqual([{ two: 2 }])
})

test('a query, a transaction and a COPY that lose their connection are transient, and the pool recovers', async () => {
  const { shas, featureSet } = await addDataset(db, 'lost', 2000)
  await upsertVectors(
    db,
    featureSet.rowId,
    shas.map((sha256, index) => ({ sha256, values: oddVector(index) })),
  )
  const transient = { code: 'DATABASE_UNAVAILABLE', kind: 'transient' }

  const query = expect(db.query('select pg_sleep(60)')).rejects.toMatchObject(transient)
  await expect.poll(() => terminate('active')).toBe(true)
  await query

  const transaction = db.transaction(async (inside) => {
    await inside.query("insert into datasets (name) values ('half')")
    await terminate()
    await inside.query("insert into datasets (name) values ('other-half')")
  })
  await expect(transaction).rejects.toMatchObject(transient)

  const selection = { datasets: ['lost'], featureSet: featureSet.rowId, length: 170 }
  await admin.transaction(async (locking) => {
    // So that the COPY waits until its connection is cut.
    await locking.query('lock table feature_vectors in access exclusive mode')
    const copy = expect(readVectors(db, selection)).rejects.toMatchObject(transient)
    await expect.poll(() => terminate('active')).toBe(true)
    await copy
  })

  const { rows } = await db.query<{ n: number }>("select count(*) as n from datasets where name like '%half'")
  expect(rows).toEqual([{ n: 0 }])
  const table = await readVectors(db, selection)
  expect(table.clips).toHaveLength(2000)
})

test('a transaction that throws is rolled back, and its connection goes on', async () => {
  const pid = async () => (await db.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0].pid
  const before = await pid()
  const failing = db.transaction(async (inside) => {
    await inside.query("insert into datasets (name) values ('undone')")
    throw new RangeError('what the caller found')
  })
  await expect(failing).rejects.toThrow(RangeError)
  await expect(
    db.transaction(async (inside) => {
      await inside.query("insert into datasets (name) values ('twice'), ('twice')")
    }),
  ).rejects.toMatchObject({ code: 'DATABASE_CONFLICT', kind: 'conflict' })
  const { rows } = await db.query("select from datasets where name in ('undone', 'twice')")
  expect(rows).toEqual([])
  expect(await pid()).toBe(before)
})

test('a server that is not there is transient', async () => {
  const nowhere = createDatabase({ url: 'postgres://ser@127.0.0.1:1/ser' })
  await expect(nowhere.query('select 1')).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE', kind: 'transient' })
  await nowhere.close()
})
