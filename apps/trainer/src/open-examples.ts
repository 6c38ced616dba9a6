import { featureLength, featureRanges, SerError, type FeatureGroup } from '@ser/contracts'
import {
  listMatrices,
  readMatrices,
  readVectors,
  type Database,
  type MatrixClip,
  type StoredFeatureSet,
  type VectorClip,
} from '@ser/database'
import { decodeMatrix } from '@ser/features'
import { selectedLength, selectFeatures } from '@ser/model'

/** Some recordings, those of one piece of a side: row major, and how many frames each has where they are matrices. */
export type ExamplesPart = { readonly values: Float32Array; readonly lengths?: Uint32Array }

/** What a run may be trained on. */
export type ExampleSource = {
  /** In the order of their SHA-256s. */
  readonly clips: readonly VectorClip[]
  /** The columns that the run has chosen, of recordings in the order asked for, a few at a time. */
  readonly read: (rows: readonly number[]) => AsyncIterable<ExamplesPart>
  /** How much memory the chosen columns of all these take. */
  readonly bytesOf: (rows: readonly number[]) => number
}

export type ExampleSelection = {
  readonly datasets: readonly string[]
  readonly featureSet: StoredFeatureSet
  readonly groups: readonly FeatureGroup[]
}

const ROWS_AT_ONCE = 4096
const FLOAT_BYTES = 4

/**
 * The vectors of datasets, read at once; or of matrices only what they are, and themselves when they are asked for, because with
 * every frame a recording has a hundred times as many values.
 */
export async function openExamples(db: Database, selection: ExampleSelection): Promise<ExampleSource> {
  return selection.featureSet.spec.pooling === 'frames' ? openMatrices(db, selection) : openVectors(db, selection)
}

async function openVectors(db: Database, { datasets, featureSet, groups }: ExampleSelection): Promise<ExampleSource> {
  const { spec, rowId } = featureSet
  const length = featureLength(spec)
  const { clips, at } = await readVectors(db, { datasets, featureSet: rowId, length })
  return {
    clips,
    async *read(rows) {
      for (const part of partsOf(rows)) {
        const full = new Float32Array(part.length * length)
        for (const [place, row] of part.entries()) full.set(at(row), place * length)
        yield { values: selectFeatures(full, spec, groups) }
      }
    },
    bytesOf: (rows) => FLOAT_BYTES * rows.length * selectedLength(spec, groups),
  }
}

async function openMatrices(db: Database, { datasets, featureSet, groups }: ExampleSelection): Promise<ExampleSource> {
  const { spec, rowId } = featureSet
  const clips = await listMatrices(db, { datasets, featureSet: rowId })
  const ranges = groups.flatMap((group) => {
    const range = featureRanges(spec)[group]
    return range === undefined ? [] : [range]
  })
  return {
    clips,
    async *read(rows) {
      for (const part of partsOf(rows)) {
        const wanted = part.map((row) => clips[row])
        for await (const found of readMatrices(db, rowId, wanted))
          for (const { frames, matrix } of found)
            yield { values: decodeMatrix(matrix, ranges), lengths: Uint32Array.of(frames) }
      }
    },
    bytesOf: (rows) => FLOAT_BYTES * framesOf(clips, rows) * selectedLength(spec, groups),
  }
}

/** @throws SerError RUN_TOO_LARGE (bad-input) when the examples of a run take more memory than a training process may have for them */
export function checkSize(bytes: number, mostBytes: number): void {
  if (bytes <= mostBytes) return
  const [has, most] = [bytes, mostBytes].map((each) => `${Math.ceil(each / 2 ** 20)} MiB`)
  const message =
    `the chosen features of all its recordings take ${has}, and the trainer has ${most} for them (SER_EXAMPLES_MB): ` +
    'choose fewer groups or datasets, a feature set with a longer hop, or the mean over time'
  throw new SerError('RUN_TOO_LARGE', message, { kind: 'bad-input', ids: { bytes } })
}

function framesOf(clips: readonly MatrixClip[], rows: readonly number[]): number {
  return rows.reduce((sum, row) => sum + clips[row].frames, 0)
}

function* partsOf(rows: readonly number[]): Generator<readonly number[]> {
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) yield rows.slice(start, start + ROWS_AT_ONCE)
}
