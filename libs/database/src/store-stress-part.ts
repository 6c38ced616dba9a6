import type { Queryable } from './create-database.ts'

/** The predicted classes of some recordings under every condition. */
export type StressPart = {
  /** From 0. */
  readonly part: number
  readonly recordings: number
  /** One byte each: the recordings under the first condition, then under the second ... */
  readonly predicted: Uint8Array
}

/** Keeps a part; one that is there stays as it is. */
export async function storeStressPart(db: Queryable, id: string, part: StressPart): Promise<void> {
  await db.query(
    `insert into stress_parts (evaluation_id, part, recordings, predicted) values ($1, $2, $3, $4) on conflict do nothing`,
    [id, part.part, part.recordings, Buffer.from(part.predicted)],
  )
}

/** The parts that are done, in their order. */
export async function listStressParts(db: Queryable, id: string): Promise<StressPart[]> {
  const { rows } = await db.query<StressPart>(
    'select part, recordings, predicted from stress_parts where evaluation_id = $1 order by part',
    [id],
  )
  return rows
}
