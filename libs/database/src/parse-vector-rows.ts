// The first 11 bytes of COPY BINARY, a flags field of 4, the length of an extension of 4.
const HEADER_BYTES = 19
const SIGNATURE = 'PGCOPY\n\xff\r\n\0'
const TEXT_FIELDS = 6
const ARRAY_HEADER_BYTES = 20

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

export type VectorSink = {
  /** Where the values of the next row go; throws when `length` is not what it expects. */
  readonly reserve: (length: number) => Float32Array
  readonly add: (clip: VectorClip) => void
}

export type ClipSink = {
  /** The last column of the next row, before what stands beside it; only until it returns. */
  readonly read: (field: Buffer | null) => void
  readonly add: (clip: VectorClip) => void
}

export type RowParser = { readonly feed: (chunk: Buffer) => void; readonly end: () => void }

/** A parser of rows whose last column is `real[]`. */
export function createVectorParser({ reserve, add }: VectorSink): RowParser {
  return createClipParser({ read: (field) => readValues(field, reserve), add })
}

/**
 * A parser of COPY BINARY with the columns (bytea sha256, text label, speaker, word, split, dataset, parent, and one more): feed it
 * the chunks as they come, wherever they are cut. Format: postgresql.org/docs/current/sql-copy.html.
 */
export function createClipParser(sink: ClipSink): RowParser {
  let rest: Buffer = Buffer.alloc(0)
  let begun = false
  let ended = false
  const readString = internStrings()
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
        const length = measureRow(data, at)
        if (length === undefined) break
        if (length === 'end') ended = true
        else {
          readRow(data, at, sink, readString)
          at += length
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

/** The bytes of the row at `at`; undefined when it is not all there, `end` for the trailer. */
function measureRow(data: Buffer, at: number): number | 'end' | undefined {
  if (data.length < at + 2) return undefined
  const fields = data.readInt16BE(at)
  if (fields === -1) return 'end'
  let position = at + 2
  for (let field = 0; field < fields; field += 1) {
    if (data.length < position + 4) return undefined
    position += 4 + Math.max(0, data.readInt32BE(position))
  }
  return data.length < position ? undefined : position - at
}

function readRow(data: Buffer, at: number, sink: ClipSink, readString: (bytes: Buffer) => string): void {
  let position = at + 2
  const next = (): Buffer | null => {
    const length = data.readInt32BE(position)
    const start = position + 4
    position = start + Math.max(0, length)
    return length < 0 ? null : data.subarray(start, position)
  }
  const sha256 = next()?.toString('hex') ?? ''
  const texts = Array.from({ length: TEXT_FIELDS }, () => {
    const bytes = next()
    return bytes === null ? null : readString(bytes)
  })
  const [label, speaker, word, split, dataset, parent] = texts
  sink.read(next())
  sink.add({ sha256, label: label ?? '', speaker: speaker ?? '', word, split, dataset: dataset ?? '', parent })
}

function readValues(array: Buffer | null, reserve: VectorSink['reserve']): void {
  const empty = array === null || array.readInt32BE(0) === 0
  const length = empty ? 0 : array.readInt32BE(12)
  const values = reserve(length)
  if (empty) return
  if (array.length !== ARRAY_HEADER_BYTES + 8 * length)
    throw new RangeError('a vector with nulls or of more than one dimension')
  const view = new DataView(array.buffer, array.byteOffset + ARRAY_HEADER_BYTES + 4)
  for (let index = 0; index < length; index += 1) values[index] = view.getFloat32(8 * index)
}

/** Labels and speakers are few: each is decoded once. Words may be many, so what is remembered is bounded. */
function internStrings(): (bytes: Buffer) => string {
  const known = new Map<string, string>()
  return (bytes) => {
    const key = bytes.toString('latin1')
    const found = known.get(key)
    if (found !== undefined) return found
    const text = bytes.toString('utf8')
    if (known.size < 10_000) known.set(key, text)
    return text
  }
}
