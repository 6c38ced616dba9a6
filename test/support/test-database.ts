import { createHash, randomBytes } from 'node:crypto'
import { createDatabase, migrate, readMigrations } from '@ser/database'
import { Client } from 'pg'
import { testServices } from './services.ts'

export type TestDatabase = {
  /** The connection string of the new database. */
  readonly url: string
  /** Deletes every row: a thirtieth of what another database takes. Needs a superuser, because some rows let nobody delete them. */
  readonly empty: () => Promise<void>
  /** Drops it, also while connections to it are open. */
  readonly drop: () => Promise<void>
}

// Any number that no other user of this server locks: "sertest" in ASCII.
const TEMPLATE_LOCK = '32480017331516276'

/**
 * A new database with a random name, with all migrations applied: a clone of a template that is made once for each set
 * of migrations.
 * @param options.migrated `false` gives an empty database.
 */
export async function createTestDatabase(options: { migrated?: boolean } = {}): Promise<TestDatabase> {
  const { databaseUrl } = await testServices()
  const name = `ser_test_${randomBytes(8).toString('hex')}`
  await withClient(databaseUrl, async (client) => {
    const template = options.migrated === false ? 'template0' : await ensureTemplate(client, databaseUrl)
    await client.query(`create database ${name} template ${template}`)
  })
  return {
    url: databaseAt(databaseUrl, name),
    empty: () => withClient(databaseAt(databaseUrl, name), deleteRows),
    drop: () => withClient(databaseUrl, (client) => client.query(`drop database if exists ${name} with (force)`)),
  }
}

async function ensureTemplate(client: Client, databaseUrl: string): Promise<string> {
  const migrations = await readMigrations()
  const hash = createHash('sha256').update(JSON.stringify(migrations)).digest('hex').slice(0, 16)
  const name = `ser_test_template_${hash}`
  // Test files run at once; the first makes the template, the others wait for it. Ends with the connection.
  await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK])
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name])
  if (rowCount === 0) {
    // Under its own name only when it is complete.
    const draft = `${name}_draft`
    await client.query(`drop database if exists ${draft} with (force)`)
    await client.query(`create database ${draft} template template0`)
    const database = createDatabase({ url: databaseAt(databaseUrl, draft), maxConnections: 1 })
    try {
      await migrate(database, migrations)
    } finally {
      await database.close()
    }
    await client.query(`alter database ${draft} rename to ${name}`)
  }
  return name
}

async function deleteRows(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select format('%I', relname) as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
       and relname <> 'schema_migrations'`,
  )
  // Without triggers: neither those that keep what must not change, nor those that hold references.
  const deletes = rows.map(({ name }) => `delete from ${name};`).join(' ')
  await client.query(`begin; set local session_replication_role = replica; ${deletes} commit`)
}

function databaseAt(url: string, name: string): string {
  const address = new URL(url)
  address.pathname = `/${name}`
  return address.href
}

async function withClient(url: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
