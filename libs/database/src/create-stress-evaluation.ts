import type { StressRequest, StressResult } from '@ser/contracts'
import type { Queryable } from './create-database.ts'
import type { ResourceMembers } from './ensure-resource-set.ts'

export type NewStressEvaluation = {
  /** A fresh UUID. */
  readonly id: string
  readonly model: string
  readonly version: number
  readonly request: StressRequest
  readonly conditions: readonly StressResult['condition'][]
  /** Recordings to mix in, by group. */
  readonly members: ResourceMembers
}

/** Writes down that a model version is to be evaluated under stress. The job follows the row. */
export async function createStressEvaluation(db: Queryable, evaluation: NewStressEvaluation): Promise<void> {
  const { id, model, version, request, conditions, members } = evaluation
  await db.query(
    `insert into stress_evaluations (id, model, version, request, conditions, members, status)
     values ($1, $2, $3, $4, $5, $6, 'queued')`,
    [id, model, version, JSON.stringify(request), JSON.stringify(conditions), JSON.stringify(members)],
  )
}
