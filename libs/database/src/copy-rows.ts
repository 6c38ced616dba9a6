import type { Connection } from 'pg'
import type { Database } from './create-database.ts'
import { mapDatabaseError } from './map-database-error.ts'
import { createRowParser, type RowReader } from './parse-copy.ts'
import { createMessageSplitter } from './split-messages.ts'

/**
 * How the queries are planned. Postgres takes an array whose length it cannot know for ten values, and would compare each row of a small table
 * with all of them instead; and it may not know that to read rows as they lie on the disk is better.
 */
export const COPY_PLANNING = 'set local enable_seqscan = off; set local enable_indexscan = off'

/** Streams the rows of a query to a reader, as COPY BINARY; ends the connection when it is told to stop or the reader throws. */
export async function copyRows(db: Database, query: string, reader: RowReader, signal: AbortSignal): Promise<void> {
  const copy = `begin; ${COPY_PLANNING}; copy (${query}) to stdout (format binary); commit`
  try {
    await db.withConnection(
      (client) =>
        new Promise<void>((resolve, reject) => {
          signal.throwIfAborted()
          signal.addEventListener('abort', () => reject(signal.reason), { once: true })
          client.query(createCopy(copy, reader, { resolve, reject }))
        }),
    )
  } catch (error) {
    throw mapDatabaseError(error)
  }
}

type Outcome = { readonly resolve: () => void; readonly reject: (error: unknown) => void }

/**
 * What pg runs as a query. While it does, rows go from the socket to the reader as they lie there, and only the other messages to pg,
 * which would make three objects of each row: an eighth of the client's time.
 */
function createCopy(copy: string, reader: RowReader, { resolve, reject }: Outcome) {
  let toPg: ((data: Buffer) => void) | undefined
  const split = createMessageSplitter(createRowParser(reader), (message) => toPg?.(message))
  const take = (chunk: Buffer) => {
    try {
      split(chunk)
    } catch (error) {
      reject(error)
    }
  }
  return {
    submit(connection: Connection) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a listener to data takes data
      ;[toPg] = connection.stream.listeners('data') as ((data: Buffer) => void)[]
      connection.stream.off('data', toPg).on('data', take)
      connection.query(copy)
    },
    // A connection that failed is not used again.
    handleError: reject,
    handleCommandComplete: () => undefined,
    handleReadyForQuery({ stream }: Connection) {
      stream.off('data', take)
      if (toPg !== undefined) stream.on('data', toPg)
      resolve()
    },
  }
}
