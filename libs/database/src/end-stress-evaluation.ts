import type { StressResult } from '@ser/contracts'
import type { Database, Queryable } from './create-database.ts'

/** Writes down how many recordings an evaluation is of, as soon as that is known. */
export async function setStressRecordings(db: Queryable, id: string, recordings: number): Promise<void> {
  await db.query('update stress_evaluations set recordings = $2 where id = $1', [id, recordings])
}

/** Completes a stress evaluation with its results, in their order. One that is completed already stays as it is. */
export async function completeStressEvaluation(
  db: Database,
  id: string,
  { labels, results }: { readonly labels: readonly string[]; readonly results: readonly StressResult[] },
): Promise<void> {
  await db.transaction(async (transaction) => {
    const { rowCount } = await transaction.query(
      `update stress_evaluations set status = 'completed', labels = $2, finished_at = now()
       where id = $1 and status = 'running'`,
      [id, JSON.stringify(labels)],
    )
    if (rowCount === 0) return
    await transaction.query(
      `insert into stress_results (evaluation_id, position, result)
       select $1, position - 1, result from jsonb_array_elements($2::jsonb) with ordinality as given (result, position)`,
      [id, JSON.stringify(results)],
    )
  })
}

/** Ends a stress evaluation that cannot be done, with its reason. */
export async function failStressEvaluation(
  db: Queryable,
  id: string,
  error: { readonly code: string; readonly message: string },
): Promise<void> {
  await db.query(
    `update stress_evaluations set status = 'failed', error = $2, finished_at = now()
     where id = $1 and status in ('queued', 'running')`,
    [id, JSON.stringify(error)],
  )
}
