import { toBytes, toHex } from './bytea.ts'
import type { Queryable } from './create-database.ts'
import type { RunPrediction } from './store-run-predictions.ts'

type Row = Omit<RunPrediction, 'sha256' | 'probabilities'> & { sha256: Buffer; probabilities: number[] }

/** The predictions of a run by the clips' SHA-256, `pageRows` of them at a time; none of a run that has not completed. */
export async function* readRunPredictions(
  db: Queryable,
  id: string,
  { pageRows = 5000 }: { readonly pageRows?: number } = {},
): AsyncGenerator<RunPrediction[]> {
  let after = ''
  for (;;) {
    const { rows } = await db.query<Row>(
      `select sha256, label, predicted, probabilities, dataset, speaker, condition
       from run_predictions where run_id = $1 and sha256 > $2 order by sha256 limit $3`,
      [id, toBytes(after), pageRows],
    )
    if (rows.length === 0) return
    const page = rows.map((row) => ({
      ...row,
      sha256: toHex(row.sha256),
      probabilities: Float32Array.from(row.probabilities),
    }))
    yield page
    if (rows.length < pageRows) return
    after = page.at(-1)!.sha256
  }
}
