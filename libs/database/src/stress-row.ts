import { stressRequestSchema, stressResultSchema, type StressEvaluation } from '@ser/contracts'
import { z } from 'zod'
import type { ResourceMembers } from './ensure-resource-set.ts'

/** What a stress evaluation is read from. */
export type StressRow = {
  id: string
  model: string
  version: number
  request: unknown
  conditions: number
  members: ResourceMembers
  status: StressEvaluation['status']
  recordings: number | null
  done: number
  labels: string[] | null
  results: unknown
  error: StressEvaluation['error']
  created_at: Date
  started_at: Date | null
  finished_at: Date | null
}

/** To be followed by `where` and the rest; the evaluation is `e`. */
export const SELECT_STRESS = `select e.id, e.model, e.version, e.request, jsonb_array_length(e.conditions) as conditions, e.members,
    e.status, e.recordings, e.labels, e.error, e.created_at, e.started_at, e.finished_at,
    (select coalesce(sum(p.recordings), 0)::integer from stress_parts p where p.evaluation_id = e.id) as done,
    (select coalesce(jsonb_agg(r.result order by r.position), '[]') from stress_results r where r.evaluation_id = e.id) as results
  from stress_evaluations e`

const resultsSchema = z.array(stressResultSchema)

/** A row of `SELECT_STRESS` as the API says it. */
export function toStressEvaluation(row: StressRow): StressEvaluation {
  return {
    id: row.id,
    model: row.model,
    version: row.version,
    request: stressRequestSchema.parse(row.request),
    status: row.status,
    progress: { recordings: row.recordings, done: row.done, conditions: row.conditions },
    resources: { noise: row.members['noise']?.length ?? 0, voices: row.members['voices']?.length ?? 0 },
    labels: row.labels ?? [],
    results: resultsSchema.parse(row.results),
    error: row.error,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
  }
}
