import { SerError } from '@ser/contracts'
import { to as copyTo } from 'pg-copy-streams'
import type { Database } from './create-database.ts'
import { mapDatabaseError } from './map-database-error.ts'
import { createVectorParser, type VectorClip } from './parse-vector-rows.ts'

export type VectorTable = {
  /** Values of one vector. */
  readonly length: number
  /** The vectors one after the other, [clips, length]. */
  readonly values: Float32Array
  /** The clip of each vector, ordered by SHA-256. */
  readonly clips: VectorClip[]
}

export type VectorSelection = {
  /** Names of datasets. A clip that lies under several paths is one row, with what its first path says of it. */
  readonly datasets: readonly string[]
  /** The feature set's `rowId`. */
  readonly featureSet: number
  /** Values of one vector. */
  readonly length: number
}

/**
 * Reads every vector of a feature set for the clips of datasets, in one pass (COPY BINARY) straight into one array.
 * The order is that of the SHA-256s, whatever was stored when; "first path" is by the dataset's name, then the path.
 *
 * @throws SerError VECTOR_LENGTH (conflict) when a stored vector is not of the length asked for.
 */
export async function readVectors(db: Database, selection: VectorSelection): Promise<VectorTable> {
  const ids = await findDatasets(db, selection.datasets)
  const { rows } = await db.query<{ paths: number }>(
    'select count(*) as paths from dataset_clips where dataset_id = any($1::int[])',
    [ids],
  )
  // There are at most as many vectors as paths; clips that are added meanwhile make the array grow.
  const table = createTable(selection.length, rows[0].paths)
  await db.withConnection(async (client) => {
    try {
      const parser = createVectorParser(table)
      const stream = client.query(copyTo(copyStatement(ids, selection.featureSet), { highWaterMark: 2 ** 20 }))
      for await (const chunk of stream as AsyncIterable<Buffer>) parser.feed(chunk)
      parser.end()
    } catch (error) {
      throw mapDatabaseError(error)
    }
  })
  return table.finish()
}

async function findDatasets(db: Database, names: readonly string[]): Promise<number[]> {
  const { rows } = await db.query<{ id: number }>(
    'select id from datasets where name = any($1::text[]) order by name',
    [[...names]],
  )
  return rows.map(({ id }) => id)
}

function copyStatement(datasets: readonly number[], featureSet: number): string {
  return `copy (${vectorQuery(datasets, featureSet)}) to stdout (format binary)`
}

/** COPY takes no parameters; what is put into its text are whole numbers. */
export function vectorQuery(datasets: readonly number[], featureSet: number): string {
  const numbers = [...datasets, featureSet]
  if (!numbers.every(Number.isSafeInteger)) throw new RangeError(`not row ids: ${numbers.join()}`)
  return `
    with clip as (
      select distinct on (dc.sha256) dc.sha256, dc.label, dc.speaker, dc.word, dc.split, d.name as dataset
      from dataset_clips dc join datasets d on d.id = dc.dataset_id
      where dc.dataset_id in (${[-1, ...datasets].join()})
      order by dc.sha256, d.name collate "C", dc.path collate "C")
    select clip.sha256, clip.label, clip.speaker, clip.word, clip.split, clip.dataset, origin.root, vector.values
    from clip
    cross join lateral (
      select v.values from feature_vectors v where v.sha256 = clip.sha256 and v.feature_set_id = ${featureSet} limit 1
    ) as vector
    left join lateral (
      select encode(r.root, 'hex') as root from clip_roots r where r.sha256 = clip.sha256 limit 1
    ) as origin on true
    order by clip.sha256`
}

function createTable(length: number, expected: number) {
  let values = new Float32Array(expected * length)
  const clips: VectorClip[] = []
  return {
    reserve(found: number): Float32Array {
      if (found !== length)
        throw new SerError('VECTOR_LENGTH', `a stored vector has ${found} values instead of ${length}`, {
          kind: 'conflict',
        })
      const start = clips.length * length
      if (start + length > values.length) {
        const grown = new Float32Array(Math.max(start + length, Math.ceil(values.length * 1.25)))
        grown.set(values)
        values = grown
      }
      return values.subarray(start, start + length)
    },
    add: (clip: VectorClip) => void clips.push(clip),
    finish: (): VectorTable => ({ length, values: values.subarray(0, clips.length * length), clips }),
  }
}
