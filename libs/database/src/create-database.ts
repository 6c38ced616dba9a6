import { Pool, TypeOverrides, type PoolClient, type QueryResultRow } from 'pg'
import { mapDatabaseError } from './map-database-error.ts'

export type QueryRows<Row> = { readonly rows: Row[]; readonly rowCount: number }

/** What every operation of this library takes: a database, or a transaction of it. */
export type Queryable = {
  /** One statement. Numbers come as numbers (bigint too), bytea as Buffer, timestamps as Date. Throws SerError. */
  readonly query: <Row = Record<string, unknown>>(text: string, values?: readonly unknown[]) => Promise<QueryRows<Row>>
}

export type Database = Queryable & {
  /** Runs `work` in one transaction: committed when it returns, rolled back when it throws. */
  readonly transaction: <T>(work: (transaction: Queryable) => Promise<T>) => Promise<T>
  /** Lends one connection of the pool, for COPY and session locks; what it throws ends the connection. */
  readonly withConnection: <T>(work: (client: PoolClient) => Promise<T>) => Promise<T>
  /** Waits for what is running, then ends every connection. */
  readonly close: () => Promise<void>
}

export type DatabaseOptions = {
  readonly url: string
  /** Connections of this process at most (default 10). Postgres takes 100 in all, unless told otherwise. */
  readonly maxConnections?: number
  /** Shown in pg_stat_activity. */
  readonly applicationName?: string
  /** Hears of connections lost while idle; the pool replaces them by itself. */
  readonly onConnectionLost?: (error: Error) => void
}

/** A pool of connections to Postgres. Nothing is opened before the first query. */
export function createDatabase(options: DatabaseOptions): Database {
  const pool = new Pool({
    connectionString: options.url,
    max: options.maxConnections ?? 10,
    application_name: options.applicationName ?? 'ser',
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    // A process that stands still in the middle of a transaction would keep its locks from all others.
    idle_in_transaction_session_timeout: 60_000,
    // Plans over sixteen partitions look dear enough to be compiled, which takes longer than to run them.
    options: '-c jit=off',
    types: readBigintsAsNumbers(),
  })
  // Without a listener, a connection that breaks while idle would end the process.
  pool.on('error', (error) => options.onConnectionLost?.(error))

  const withConnection = <T>(work: (client: PoolClient) => Promise<T>) => lend(pool, work)
  return {
    query: (text, values) => run(pool, text, values),
    transaction: async (work) => (await withConnection((client) => inTransaction(client, work)))(),
    withConnection,
    close: () => pool.end(),
  }
}

async function run<Row>(on: Pool | PoolClient, text: string, values?: readonly unknown[]): Promise<QueryRows<Row>> {
  try {
    const { rows, rowCount } = await on.query<Row & QueryResultRow>(text, values === undefined ? [] : [...values])
    return { rows, rowCount: rowCount ?? 0 }
  } catch (error) {
    throw mapDatabaseError(error)
  }
}

function ignoreError(): void {}

async function lend<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  let client: PoolClient
  try {
    client = await pool.connect()
  } catch (error) {
    throw mapDatabaseError(error)
  }
  // The pool does not listen to a client that is lent; the query that runs is rejected with the same error.
  client.on('error', ignoreError)
  let failed: Error | undefined
  try {
    return await work(client)
  } catch (error) {
    failed = error instanceof Error ? error : new Error(String(error))
    throw error
  } finally {
    client.removeListener('error', ignoreError)
    // Whatever went wrong, nothing of it may be left on a connection that goes back to the pool.
    client.release(failed)
  }
}

/** Gives the outcome as a function, so that an error that was rolled back does not cost the connection. */
async function inTransaction<T>(client: PoolClient, work: (transaction: Queryable) => Promise<T>): Promise<() => T> {
  await run(client, 'begin')
  try {
    const result = await work({ query: (text, values) => run(client, text, values) })
    await run(client, 'commit')
    return () => result
  } catch (error) {
    const lost = await run(client, 'rollback').then(
      () => false,
      () => true,
    )
    if (lost) throw error
    return () => {
      throw error
    }
  }
}

function readBigintsAsNumbers(): TypeOverrides {
  const overrides = new TypeOverrides()
  overrides.setTypeParser(20, parseInt8)
  return overrides
}

function parseInt8(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`a bigint outside of what a number holds exactly: ${text}`)
  return value
}
