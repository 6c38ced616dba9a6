// The first 11 bytes of COPY BINARY, a flags field of 4, the length of an extension of 4.
const HEADER_BYTES = 19
const SIGNATURE = 'PGCOPY\n\xff\r\n\0'
const FIELDS = 9

/** What stands beside a vector; `label` and `speaker` repeat, so equal ones are the same string. */
export type VectorClip = {
  readonly sha256: string
  readonly label: string
  readonly speaker: string
  readonly word: string | null
  readonly split: string | null
  /** The dataset of the path that says so. */
  readonly dataset: string
  /** The original recording that it is a variant of, over however many steps; null for an original. */
  readonly parent: string | null
}

export type ClipSink = {
  /** The last column of the next row, before what stands beside it; only until it returns. */
  readonly read: (field: Buffer | null) => void
  /** `path`: its bytes, one a character, so that paths compare as they do in Postgres (collation C). */
  readonly add: (clip: VectorClip, path: string) => void
}

export type RowParser = { readonly feed: (chunk: Buffer) => void; readonly end: () => void }

/**
 * A parser of COPY BINARY with the columns (bytea sha256; text label, speaker, word, split, dataset, path; bytea
 * parent; and one more): feed it the chunks as they come, wherever they are cut. Format: postgresql.org/docs/current/sql-copy.html.
 */
export function createClipParser(sink: ClipSink): RowParser {
  let rest: Buffer = Buffer.alloc(0)
  let begun = false
  let ended = false
  const readString = internStrings()
  const row = createRow()
  return {
    feed(chunk) {
      const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      let at = 0
      if (!begun) {
        if (data.length < HEADER_BYTES) {
          rest = data
          return
        }
        at = readHeader(data)
        begun = true
      }
      while (!ended) {
        const next = findFields(data, at, row)
        if (next === undefined) break
        if (next === 'end') ended = true
        else {
          readRow(data, row, sink, readString)
          at = next
        }
      }
      rest = data.subarray(at)
    },
    end() {
      if (!ended) throw new RangeError('COPY ended in the middle of a row')
    },
  }
}

function readHeader(data: Buffer): number {
  if (data.toString('latin1', 0, 11) !== SIGNATURE) throw new RangeError('not the signature of COPY BINARY')
  return HEADER_BYTES + data.readInt32BE(15)
}

/** Where the fields of a row are; a length of -1 is NULL. Used again for each row, like the offsets of a struct. */
type Row = { readonly starts: Int32Array; readonly lengths: Int32Array }

function createRow(): Row {
  return { starts: new Int32Array(FIELDS), lengths: new Int32Array(FIELDS) }
}

/** Finds the fields of the row at `at`, and where the next one begins; undefined when it is not all there, `end` for the trailer. */
function findFields(data: Buffer, at: number, { starts, lengths }: Row): number | 'end' | undefined {
  if (data.length < at + 2) return undefined
  const fields = data.readInt16BE(at)
  if (fields === -1) return 'end'
  if (fields !== FIELDS) throw new RangeError(`a row of ${fields} fields instead of ${FIELDS}`)
  let position = at + 2
  for (let field = 0; field < FIELDS; field += 1) {
    if (data.length < position + 4) return undefined
    const length = data.readInt32BE(position)
    starts[field] = position + 4
    lengths[field] = length
    position += 4 + Math.max(0, length)
  }
  return data.length < position ? undefined : position
}

function readRow(data: Buffer, { starts, lengths }: Row, sink: ClipSink, readString: ReadString): void {
  const text = (field: number) =>
    lengths[field] < 0 ? null : readString(data, starts[field], starts[field] + lengths[field])
  const raw = (field: number, encoding: 'hex' | 'latin1') =>
    data.toString(encoding, starts[field], starts[field] + lengths[field])
  const last = FIELDS - 1
  sink.read(lengths[last] < 0 ? null : data.subarray(starts[last], starts[last] + lengths[last]))
  const clip = {
    sha256: raw(0, 'hex'),
    label: text(1) ?? '',
    speaker: text(2) ?? '',
    word: text(3),
    split: text(4),
    dataset: text(5) ?? '',
    parent: lengths[7] < 0 ? null : raw(7, 'hex'),
  }
  sink.add(clip, raw(6, 'latin1'))
}

type ReadString = (data: Buffer, start: number, end: number) => string

/** Labels and speakers are few: each is decoded once. Words may be many, so what is remembered is bounded. */
function internStrings(): ReadString {
  const known = new Map<string, string>()
  return (data, start, end) => {
    const key = data.toString('latin1', start, end)
    const found = known.get(key)
    if (found !== undefined) return found
    const text = data.toString('utf8', start, end)
    if (known.size < 10_000) known.set(key, text)
    return text
  }
}
