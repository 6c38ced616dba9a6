import { SerError, type StressEvaluation } from '@ser/contracts'
import type { Queryable } from './create-database.ts'
import { SELECT_STRESS, toStressEvaluation, type StressRow } from './stress-row.ts'

/**
 * A stress evaluation with its results.
 *
 * @throws SerError STRESS_NOT_FOUND (gone).
 */
export async function getStressEvaluation(db: Queryable, id: string): Promise<StressEvaluation> {
  const { rows } = await db.query<StressRow>(`${SELECT_STRESS} where e.id = $1`, [id])
  const row = rows[0]
  if (row === undefined) {
    throw new SerError('STRESS_NOT_FOUND', `there is no stress evaluation ${id}`, {
      kind: 'gone',
      ids: { evaluation: id },
    })
  }
  return toStressEvaluation(row)
}
