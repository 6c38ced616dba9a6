import { addAbortSignal } from 'node:stream'
import { to as copyTo } from 'pg-copy-streams'
import type { Database, Queryable } from './create-database.ts'
import { mapDatabaseError } from './map-database-error.ts'
import { createClipParser, type RowParser, type VectorClip } from './parse-clip-rows.ts'

/** Where the SHA-256s of each share begin. Three shares take three cores of the server, which is what one reader can take in. */
const SHARES = ['', '55', 'aa']

export type ClipSelection = {
  /** Names of datasets. A clip that lies under several paths is one row, with what its first path says of it. */
  readonly datasets: readonly string[]
  /** The feature set's `rowId`. */
  readonly featureSet: number
}

/** What takes the column of each row as it comes, in the form of COPY BINARY. */
export type FieldStore = { readonly add: (field: Buffer | null) => void }

export type ClipShare<Store> = {
  /** In the order of their SHA-256s. */
  readonly clips: VectorClip[]
  /** The place that each of these clips had among the rows that the store took. */
  readonly places: Uint32Array
  readonly store: Store
}

/**
 * Reads the clips of datasets with a column of what a feature set has of them, in shares whose SHA-256s follow each other. The rows come in
 * no order, so that Postgres may read them as they lie on the disk, and are put in order here: by SHA-256; "first path" is by the
 * dataset's name, then the path. Uses three connections at once.
 *
 * @param openStore Makes the store of a share of about so many rows.
 */
export async function copyClips<Store extends FieldStore>(
  db: Database,
  { datasets, featureSet }: ClipSelection,
  { column, openStore }: { readonly column: FeatureColumn; readonly openStore: (rows: number) => Store },
): Promise<ClipShare<Store>[]> {
  const ids = await findDatasets(db, datasets)
  const { rows } = await db.query<{ paths: number }>(
    'select count(*) as paths from dataset_clips where dataset_id = any($1::int[])',
    [ids],
  )
  const stop = new AbortController()
  const reading = SHARES.map(async (_, share) => {
    const query = clipQuery({ datasets: ids, featureSet, column, share })
    try {
      return await copyShare(db, query, openStore(rows[0].paths / SHARES.length), stop.signal)
    } catch (error) {
      stop.abort(error)
      throw error
    }
  })
  // All have ended before the first error is thrown: none goes on alone.
  await Promise.allSettled(reading)
  stop.signal.throwIfAborted()
  return Promise.all(reading)
}

async function copyShare<Store extends FieldStore>(
  db: Database,
  query: string,
  store: Store,
  signal: AbortSignal,
): Promise<ClipShare<Store>> {
  const clips: VectorClip[] = []
  const paths: string[] = []
  const add = (clip: VectorClip, path: string) => {
    clips.push(clip)
    paths.push(path)
  }
  await copyRows(db, query, createClipParser({ read: store.add, add }), signal)
  const compare = (a: number, b: number) =>
    compareTexts(clips[a].sha256, clips[b].sha256) ||
    compareTexts(clips[a].dataset, clips[b].dataset) ||
    compareTexts(paths[a], paths[b])
  const places = Uint32Array.from(clips.keys())
    .sort(compare)
    .filter((place, at, all) => at === 0 || clips[place].sha256 !== clips[all[at - 1]].sha256)
  return { clips: Array.from(places, (place) => clips[place]), places, store }
}

const compareTexts = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** The ids of datasets by their names. */
export async function findDatasets(db: Queryable, names: readonly string[]): Promise<number[]> {
  const { rows } = await db.query<{ id: number }>(
    'select id from datasets where name = any($1::text[]) order by name',
    [[...names]],
  )
  return rows.map(({ id }) => id)
}

/** Streams the rows of a query through a parser, as COPY BINARY; ends the connection when it is told to stop. */
export async function copyRows(db: Database, query: string, parser: RowParser, signal: AbortSignal): Promise<void> {
  await db.withConnection(async (client) => {
    try {
      const copy = copyTo(`copy (${query}) to stdout (format binary)`, { highWaterMark: 2 ** 20 })
      signal.throwIfAborted()
      const stream = addAbortSignal(signal, client.query(copy))
      for await (const chunk of stream as AsyncIterable<Buffer>) parser.feed(chunk)
      parser.end()
    } catch (error) {
      throw mapDatabaseError(error)
    }
  })
}

export type FeatureColumn = 'vector' | 'frames'

/** What `copyClips` copies for a share. COPY takes no parameters; what is put into its text are whole numbers and constants. */
export function clipQuery(of: {
  readonly datasets: readonly number[]
  readonly featureSet: number
  readonly column: FeatureColumn
  readonly share: number
}): string {
  const { datasets, featureSet, column, share } = of
  const numbers = [...datasets, featureSet]
  if (!numbers.every(Number.isSafeInteger)) throw new RangeError(`not row ids: ${numbers.join()}`)
  const end = share + 1 < SHARES.length ? `and dc.sha256 < '\\x${SHARES[share + 1]}'` : ''
  return `
    select dc.sha256, dc.label, dc.speaker, dc.word, dc.split, d.name, dc.path, origin.root, vector.${column}
    from dataset_clips dc join datasets d on d.id = dc.dataset_id
    cross join lateral (
      select v.${column} from feature_vectors v where v.sha256 = dc.sha256 and v.feature_set_id = ${featureSet} limit 1
    ) as vector
    left join lateral (select r.root from clip_roots r where r.sha256 = dc.sha256 limit 1) as origin on true
    where dc.dataset_id in (${[-1, ...datasets].join()}) and dc.sha256 >= '\\x${SHARES[share]}' ${end}`
}
