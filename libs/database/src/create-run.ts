import { runSpecHash, type RunSpec } from '@ser/contracts'
import { toBytes } from './bytea.ts'
import type { Queryable } from './create-database.ts'

export type NewRun = {
  /** A fresh UUID. */
  readonly id: string
  readonly spec: RunSpec
  /** The experiment that it is part of. */
  readonly experiment?: string | undefined
  /** What its variants on the fly are made with: the row ids of a recipe and of a set of recordings. */
  readonly onTheFly?: { readonly recipe: number; readonly resourceSet: number } | undefined
}

/** Writes down that a model is to be trained. The job follows the row. */
export async function createRun(db: Queryable, { id, spec, experiment, onTheFly }: NewRun): Promise<void> {
  await db.query(
    `with run as (
       insert into runs (id, spec, spec_hash, status, recipe_id, resource_set_id) values ($1, $2, $3, 'queued', $5, $6) returning id)
     insert into experiment_runs (experiment, run_id) select $4::text, id from run where $4::text is not null`,
    [
      id,
      JSON.stringify(spec),
      toBytes(runSpecHash(spec)),
      experiment ?? null,
      onTheFly?.recipe ?? null,
      onTheFly?.resourceSet ?? null,
    ],
  )
}
