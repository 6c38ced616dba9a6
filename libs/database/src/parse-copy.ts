const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1')
// The signature, a flags field of 4, the length of an extension of 4.
const HEADER_BYTES = 19

export type RowReader = {
  /** Fields of each row. */
  readonly fields: number
  /**
   * Takes the next row in the form of COPY BINARY: where its fields begin in `data`, and how long they are; -1 is NULL. All are only valid
   * until it returns.
   */
  readonly read: (data: Buffer, starts: Int32Array, lengths: Int32Array) => void
}

/**
 * A parser of the messages of COPY BINARY: each holds whole rows, the first the header before them.
 * Format: postgresql.org/docs/current/sql-copy.html; a row is never cut: .../protocol-flow.html.
 */
export function createRowParser({ fields, read }: RowReader): (data: Buffer, start: number, end: number) => void {
  const starts = new Int32Array(fields)
  const lengths = new Int32Array(fields)
  let begun = false
  return (data, start, end) => {
    let at = begun ? start : skipHeader(data, start)
    begun = true
    while (at < end) {
      const count = data.readInt16BE(at)
      if (count === -1) return
      if (count !== fields) throw new RangeError(`a row of ${count} fields instead of ${fields}`)
      at += 2
      for (let field = 0; field < fields; field += 1) {
        const length = data.readInt32BE(at)
        starts[field] = at + 4
        lengths[field] = length
        at += 4 + Math.max(0, length)
      }
      if (at > end) throw new RangeError('a row that is longer than its message')
      read(data, starts, lengths)
    }
  }
}

function skipHeader(data: Buffer, start: number): number {
  if (!data.subarray(start, start + SIGNATURE.length).equals(SIGNATURE))
    throw new RangeError('not the signature of COPY BINARY')
  return start + HEADER_BYTES + data.readInt32BE(start + HEADER_BYTES - 4)
}
