import { featureQuery, pathQuery, SHARES, type FeatureColumn } from './clip-queries.ts'
import { copyRows } from './copy-rows.ts'
import type { Database, Queryable } from './create-database.ts'
import { createHashList, findHashes } from './hash-list.ts'
import type { RowReader } from './parse-copy.ts'
import { createPathReader, type ClipPaths, type VectorClip } from './read-clip-paths.ts'

const HASH_BYTES = 32

export type ClipSelection = {
  /** Names of datasets. A clip that lies under several paths is one row, with what its first path says of it. */
  readonly datasets: readonly string[]
  /** The feature set's `rowId`. */
  readonly featureSet: number
}

export type FoundClips = {
  /** In the order of their SHA-256s. */
  readonly clips: VectorClip[]
  /** Which of the fields that were added belongs to each of these clips, counted from 0. */
  readonly places: Int32Array
}

/** What takes the column of each row as it comes, in the form of COPY BINARY: where it begins, and its length; -1 is NULL. */
export type AddField = (data: Buffer, start: number, length: number) => void

/**
 * Reads the clips of datasets with a column of what a feature set has of them. Paths and features come side by side, over three
 * connections, each in the order in which Postgres has least to do, and are put together and in order here: by SHA-256; "first path" is by
 * the dataset's name, then the path.
 */
export async function copyClips(
  db: Database,
  { datasets, featureSet }: ClipSelection,
  { column, add }: { readonly column: FeatureColumn; readonly add: AddField },
): Promise<FoundClips> {
  const { names, paths: count } = await findDatasets(db, datasets)
  const ids = [...names.keys()]
  const stop = new AbortController()
  const copy = (query: string, reader: RowReader) =>
    copyRows(db, query, reader, stop.signal).catch((error: unknown) => {
      stop.abort(error)
      throw error
    })
  const features = createFeatureReader(add)
  const paths = createPathReader(names)
  // The paths are there first, and put in order while the features still come.
  const ordered = copy(pathQuery(ids), paths).then(() => paths.inOrder())
  const shares = Array.from({ length: SHARES }, (_, share) =>
    copy(featureQuery({ datasets: ids, paths: count, featureSet, column, share }), features),
  )
  // All have ended before the first error is thrown: none goes on alone.
  await Promise.allSettled([ordered, ...shares])
  stop.signal.throwIfAborted()
  return join(await ordered, features)
}

type Features = ReturnType<typeof createFeatureReader>

/** Takes the rows of `featureQuery`, those of all shares. */
function createFeatureReader(add: AddField) {
  const list = createHashList()
  const roots = new Map<string, string>()
  const read = (data: Buffer, starts: Int32Array, lengths: Int32Array) => {
    if (lengths[1] < 0) {
      list.add(data, starts[0])
      add(data, starts[2], lengths[2])
    } else roots.set(hexOf(data, starts[0]), hexOf(data, starts[1]))
  }
  return { fields: 3, read, list, roots }
}

const hexOf = (data: Buffer, start: number) => data.toString('hex', start, start + HASH_BYTES)

function join({ hashes, clips }: ClipPaths, { list, roots }: Features): FoundClips {
  const places = findHashes(hashes, list.all())
  const withFeatures = clips.filter((_, at) => places[at] >= 0)
  return {
    clips:
      roots.size === 0
        ? withFeatures
        : withFeatures.map((clip) => ({ ...clip, parent: roots.get(clip.sha256) ?? null })),
    places: places.filter((place) => place >= 0),
  }
}

/** Datasets by their ids, and about how many paths they have between them. */
export async function findDatasets(
  db: Queryable,
  names: readonly string[],
): Promise<{ readonly names: ReadonlyMap<number, string>; readonly paths: number }> {
  const { rows } = await db.query<{ id: number; name: string; paths: number }>(
    `select id, name, (select coalesce(sum(clips), 0)::bigint from dataset_counts where dataset_id = id) as paths
     from datasets where name = any($1::text[]) order by name`,
    [[...names]],
  )
  return {
    names: new Map(rows.map(({ id, name }) => [id, name])),
    paths: rows.reduce((sum, { paths }) => sum + paths, 0),
  }
}
