import type { StressEvaluation } from '@ser/contracts'
import type { Queryable } from './create-database.ts'
import { SELECT_STRESS, toStressEvaluation, type StressRow } from './stress-row.ts'

export type StressFilter = {
  readonly model: string
  readonly version: number
  readonly status?: StressEvaluation['status'] | undefined
  readonly limit: number
}

/** The stress evaluations of a model version, newest first. */
export async function listStressEvaluations(db: Queryable, filter: StressFilter): Promise<StressEvaluation[]> {
  const { model, version, status, limit } = filter
  const { rows } = await db.query<StressRow>(
    `${SELECT_STRESS} where e.model = $1 and e.version = $2 and ($3::text is null or e.status = $3)
     order by e.created_at desc, e.id limit $4`,
    [model, version, status ?? null, limit],
  )
  return rows.map(toStressEvaluation)
}
