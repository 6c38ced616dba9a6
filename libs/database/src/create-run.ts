import { runSpecHash, type RunSpec } from '@ser/contracts'
import { toBytes } from './bytea.ts'
import type { Queryable } from './create-database.ts'

/**
 * Writes down that a model is to be trained. The job follows the row.
 *
 * @param run.id A fresh UUID.
 */
export async function createRun(db: Queryable, { id, spec }: { readonly id: string; readonly spec: RunSpec }) {
  await db.query(`insert into runs (id, spec, spec_hash, status) values ($1, $2, $3, 'queued')`, [
    id,
    JSON.stringify(spec),
    toBytes(runSpecHash(spec)),
  ])
}
