import { SerError } from '@ser/contracts'
import type { Database, Queryable } from './create-database.ts'
import { readMigrations, type Migration } from './read-migrations.ts'

// Any number that nothing else in this database locks: "ser" and "mig" in ASCII.
const MIGRATION_LOCK = '126879296973159'

/**
 * Brings the schema up to date: every migration that is not applied yet, in order, each in a transaction of its own.
 * Processes that start together take turns, and those that come second find nothing to do.
 *
 * @returns The names of the migrations that this call applied.
 * @throws SerError MIGRATION_CHANGED when an applied file is not what it was, or is not known to this version.
 */
export async function migrate(db: Database, migrations?: readonly Migration[]): Promise<string[]> {
  const known = migrations ?? (await readMigrations())
  const applied: string[] = []
  let done = false
  while (!done) {
    done = await db.transaction(async (transaction) => {
      // Held to the end of the transaction, so that it also works through a pooler and is never left behind.
      await transaction.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK])
      const next = await findNext(transaction, known)
      if (next === undefined) return true
      await transaction.query(next.sql)
      await transaction.query('insert into schema_migrations (version, name, checksum) values ($1, $2, $3)', [
        next.version,
        next.name,
        next.checksum,
      ])
      applied.push(next.name)
      return false
    })
  }
  return applied
}

async function findNext(transaction: Queryable, known: readonly Migration[]): Promise<Migration | undefined> {
  await transaction.query(`
    create table if not exists schema_migrations (
      version    integer     primary key,
      name       text        not null,
      checksum   text        not null,
      applied_at timestamptz not null default now()
    )`)
  const { rows } = await transaction.query<{ version: number; name: string; checksum: string }>(
    'select version, name, checksum from schema_migrations order by version',
  )
  for (const row of rows) {
    const migration = known.find(({ version }) => version === row.version)
    if (migration?.checksum !== row.checksum) throw changed(row.name, migration)
  }
  return known.find(({ version }) => !rows.some((row) => row.version === version))
}

function changed(name: string, migration: Migration | undefined): SerError {
  const message =
    migration === undefined
      ? `the database has the migration ${name}, which this version does not know: run a version at least as new`
      : `the migration ${name} was changed after it was applied: restore the file and put the change into a new one`
  return new SerError('MIGRATION_CHANGED', message, { kind: 'conflict', ids: { migration: name } })
}
