import { SerError, stressRequestSchema, type StressRequest, type StressResult } from '@ser/contracts'
import type { Queryable } from './create-database.ts'
import type { ResourceMembers } from './ensure-resource-set.ts'

/** A stress evaluation as those need it who do it. */
export type StressWork = {
  readonly id: string
  readonly runId: string
  /** Of the stored model file. */
  readonly artefact: { readonly key: string; readonly bytes: number }
  readonly request: StressRequest
  readonly conditions: readonly StressResult['condition'][]
  readonly members: ResourceMembers
}

type Row = {
  run_id: string
  artefact_key: string
  artefact_bytes: number
  request: unknown
  conditions: StressResult['condition'][]
  members: ResourceMembers
}

/**
 * Marks a stress evaluation as running; parts that an earlier attempt has done stay.
 *
 * @returns what is to be done; nothing when it is completed
 * @throws SerError STRESS_GONE (gone)
 */
export async function startStressEvaluation(db: Queryable, id: string): Promise<StressWork | undefined> {
  const { rows } = await db.query<Row>(
    `with started as (
       update stress_evaluations set status = 'running', started_at = coalesce(started_at, now()), finished_at = null, error = null
       where id = $1 and status <> 'completed' returning model, version, request, conditions, members)
     select m.run_id, m.artefact_key, m.artefact_bytes, s.request, s.conditions, s.members
     from started s join model_versions m using (model, version)`,
    [id],
  )
  const row = rows[0]
  if (row === undefined) {
    const { rowCount } = await db.query('select from stress_evaluations where id = $1', [id])
    if (rowCount > 0) return undefined
    throw new SerError('STRESS_GONE', `there is no stress evaluation ${id}`, { kind: 'gone', ids: { evaluation: id } })
  }
  return {
    id,
    runId: row.run_id,
    artefact: { key: row.artefact_key, bytes: row.artefact_bytes },
    request: stressRequestSchema.parse(row.request),
    conditions: row.conditions,
    members: row.members,
  }
}
