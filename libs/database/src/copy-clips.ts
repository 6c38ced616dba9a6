import { to as copyTo } from 'pg-copy-streams'
import type { Database, Queryable } from './create-database.ts'
import { mapDatabaseError } from './map-database-error.ts'
import type { RowParser } from './parse-vector-rows.ts'

/** The ids of datasets by their names. */
export async function findDatasets(db: Queryable, names: readonly string[]): Promise<number[]> {
  const { rows } = await db.query<{ id: number }>(
    'select id from datasets where name = any($1::text[]) order by name',
    [[...names]],
  )
  return rows.map(({ id }) => id)
}

/** Streams the rows of a query through a parser, as COPY BINARY. */
export async function copyRows(db: Database, query: string, parser: RowParser): Promise<void> {
  await db.withConnection(async (client) => {
    try {
      const copy = copyTo(`copy (${query}) to stdout (format binary)`, { highWaterMark: 2 ** 20 })
      for await (const chunk of client.query(copy) as AsyncIterable<Buffer>) parser.feed(chunk)
      parser.end()
    } catch (error) {
      throw mapDatabaseError(error)
    }
  })
}

/**
 * The clips of datasets with a column of what a feature set has of them, ordered by SHA-256. COPY takes no parameters; what is put
 * into its text are whole numbers.
 */
export function clipQuery(datasets: readonly number[], featureSet: number, column: 'values' | 'frames'): string {
  const numbers = [...datasets, featureSet]
  if (!numbers.every(Number.isSafeInteger)) throw new RangeError(`not row ids: ${numbers.join()}`)
  return `
    with clip as (
      select distinct on (dc.sha256) dc.sha256, dc.label, dc.speaker, dc.word, dc.split, d.name as dataset
      from dataset_clips dc join datasets d on d.id = dc.dataset_id
      where dc.dataset_id in (${[-1, ...datasets].join()})
      order by dc.sha256, d.name collate "C", dc.path collate "C")
    select clip.sha256, clip.label, clip.speaker, clip.word, clip.split, clip.dataset, origin.root, vector.${column}
    from clip
    cross join lateral (
      select v.${column} from feature_vectors v where v.sha256 = clip.sha256 and v.feature_set_id = ${featureSet} limit 1
    ) as vector
    left join lateral (
      select encode(r.root, 'hex') as root from clip_roots r where r.sha256 = clip.sha256 limit 1
    ) as origin on true
    order by clip.sha256`
}
