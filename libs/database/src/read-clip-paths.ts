import { compareHashes, createHashList, hashesToHex, selectHashes, sortHashes, type Hashes } from './hash-list.ts'
import type { RowReader } from './parse-copy.ts'

/** What stands beside a vector. Equal texts are the same string. */
export type VectorClip = PathMeaning & {
  readonly sha256: string
  /** The original recording that it is a variant of, over however many steps; null for an original. */
  readonly parent: string | null
}

/** What the path of a clip says of it. */
export type PathMeaning = {
  readonly label: string
  readonly speaker: string
  readonly word: string | null
  readonly split: string | null
  /** The dataset of the path that says so. */
  readonly dataset: string
}

export type ClipPaths = {
  /** Of clips, ascending, each once. */
  readonly hashes: Hashes
  /** In the same order, as if all were originals. */
  readonly clips: readonly VectorClip[]
}

/**
 * Takes the rows of `pathQuery`.
 *
 * @param names Of datasets, by their ids.
 */
export function createPathReader(
  names: ReadonlyMap<number, string>,
): RowReader & { readonly inOrder: () => ClipPaths } {
  const list = createHashList()
  const meanings: PathMeaning[] = []
  const paths = createByteList()
  const meaningOf = createMeaningReader(names)
  const compare = (a: number, b: number) =>
    compareTexts(meanings[a].dataset, meanings[b].dataset) || Buffer.compare(paths.at(a), paths.at(b))
  return {
    fields: 7,
    read(data, starts, lengths) {
      list.add(data, starts[0])
      meanings.push(meaningOf(data, starts, lengths))
      paths.add(data, starts[6], lengths[6])
    },
    inOrder() {
      const all = list.all()
      // The first of each comes first.
      const first = sortHashes(all, compare).filter(
        (place, at, sorted) => at === 0 || compareHashes(all, place, all, sorted[at - 1]) !== 0,
      )
      const hashes = selectHashes(all, first)
      const clips = hashesToHex(hashes).map((sha256, at) => {
        const { label, speaker, word, split, dataset } = meanings[first[at]]
        return { sha256, label, speaker, word, split, dataset, parent: null }
      })
      return { hashes, clips }
    },
  }
}

/** Texts as their bytes, which is how Postgres compares paths (collation C); next to none of them is ever looked at. */
function createByteList() {
  const ends: number[] = [0]
  let bytes = Buffer.alloc(2 ** 16)
  return {
    add(data: Buffer, start: number, length: number) {
      const end = ends[ends.length - 1]
      if (end + length > bytes.length) bytes = Buffer.concat([bytes], 2 * (bytes.length + length))
      for (let at = 0; at < length; at += 1) bytes[end + at] = data[start + at]
      ends.push(end + length)
    },
    at: (place: number) => bytes.subarray(ends[place], ends[place + 1]),
  }
}

const compareTexts = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** Few of these differ: what was decoded is found again by the bytes of all five fields. Bounded, as words may be many. */
function createMeaningReader(names: ReadonlyMap<number, string>) {
  const known = new Map<string, PathMeaning>()
  const texts = new Map<string, string>()
  const decode = (data: Buffer, starts: Int32Array, lengths: Int32Array): PathMeaning => {
    const text = (field: number) => {
      if (lengths[field] < 0) return null
      const decoded = data.toString('utf8', starts[field], starts[field] + lengths[field])
      return remember(texts, decoded, decoded)
    }
    const dataset = names.get(data.readInt32BE(starts[5])) ?? ''
    return { label: text(1) ?? '', speaker: text(2) ?? '', word: text(3), split: text(4), dataset }
  }
  return (data: Buffer, starts: Int32Array, lengths: Int32Array): PathMeaning => {
    const key = data.toString('latin1', starts[1] - 4, starts[6] - 4)
    return known.get(key) ?? remember(known, key, decode(data, starts, lengths))
  }
}

function remember<Value>(known: Map<string, Value>, key: string, value: Value): Value {
  const found = known.get(key)
  if (found !== undefined) return found
  if (known.size < 10_000) known.set(key, value)
  return value
}
