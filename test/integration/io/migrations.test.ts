import { createDatabase, migrate, readMigrations, type Database } from '@ser/database'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../support/index.ts'

let database: TestDatabase
let processes: Database[]

beforeEach(async () => {
  database = await createTestDatabase({ migrated: false })
  // A pool each, as processes have.
  processes = Array.from({ length: 4 }, () => createDatabase({ url: database.url, maxConnections: 2 }))
})

afterEach(async () => {
  await Promise.all(processes.map((db) => db.close()))
  await database.drop()
})

const step = (version: number, sql: string) => ({ version, name: `000${version}_x.sql`, sql, checksum: sql })

test('processes that start together apply every migration once, and a later one finds nothing to do', async () => {
  const known = await readMigrations()
  const applied = await Promise.all(processes.map((db) => migrate(db)))
  // Each takes its turn, so any of them may have applied any.
  expect(applied.flat().sort()).toEqual(known.map(({ name }) => name))
  expect(await migrate(processes[0])).toEqual([])
  const { rows } = await processes[0].query('select name, checksum from schema_migrations order by version')
  expect(rows).toEqual(known.map(({ name, checksum }) => ({ name, checksum })))
})

test('vectors that were stored as arrays of reals stay what they were, bit for bit', async () => {
  const [db] = processes
  const known = await readMigrations()
  await migrate(
    db,
    known.filter(({ version }) => version < 18),
  )
  await db.query(
    `insert into feature_vectors (feature_set_id, sha256, values) values
       (1, sha256('a'), '{0.1, -0, NaN, -Infinity, 1e-45, 3.4028235e38}'), (1, sha256('b'), '{}')`,
  )
  await migrate(db, known)
  const { rows } = await db.query<{ vector: Buffer }>('select vector from feature_vectors order by length(vector) desc')
  const expected = Float32Array.of(0.1, -0, NaN, -Infinity, 1e-45, 3.4028235e38)
  expect(rows.map(({ vector }) => vector.toString('hex'))).toEqual([Buffer.from(expected.buffer).toString('hex'), ''])
})

test('a migration that fails leaves nothing of itself, and those before it stay', async () => {
  const [db] = processes
  const good = step(1, 'create table kept (a int)')
  await expect(migrate(db, [good, step(2, 'create table lost (a int); select 1 / 0')])).rejects.toMatchObject({
    message: expect.stringContaining('division by zero'),
  })
  const { rows } = await db.query<{ kept: string | null; lost: string | null }>(
    "select to_regclass('kept') as kept, to_regclass('lost') as lost",
  )
  expect(rows).toEqual([{ kept: 'kept', lost: null }])
  expect(await migrate(db, [good, step(2, 'create table lost (a int)')])).toEqual(['0002_x.sql'])
})

test('refuses a database whose migrations are not those of this version', async () => {
  const [db] = processes
  const known = [step(1, 'create table first (a int)'), step(2, 'create table second (a int)')]
  await migrate(db, known)
  const changed = [{ ...known[0], checksum: 'another' }, ...known.slice(1)]
  await expect(migrate(db, changed)).rejects.toMatchObject({
    code: 'MIGRATION_CHANGED',
    ids: { migration: known[0].name },
  })
  await db.query("insert into schema_migrations (version, name, checksum) values (9999, '9999_newer.sql', 'x')")
  await expect(migrate(db, known)).rejects.toMatchObject({
    code: 'MIGRATION_CHANGED',
    ids: { migration: '9999_newer.sql' },
  })
})
