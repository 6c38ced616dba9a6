const COPY_DATA = 'd'.charCodeAt(0)
/** A code, and a length that counts itself. */
const HEAD_BYTES = 5

/**
 * Takes what Postgres sends as it comes, wherever it is cut. `copied` is given the contents of each CopyData where they lie, `other` every
 * other message, whole. Format: postgresql.org/docs/current/protocol-message-formats.html.
 */
export function createMessageSplitter(
  copied: (data: Buffer, start: number, end: number) => void,
  other: (message: Buffer) => void,
): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  /** All whole messages from `at`; gives where the one begins that is not. */
  const takeWhole = (data: Buffer, from: number) => {
    let at = from
    while (at + HEAD_BYTES <= data.length) {
      const end = at + 1 + data.readInt32BE(at + 1)
      if (end > data.length) break
      if (data[at] === COPY_DATA) copied(data, at + HEAD_BYTES, end)
      else other(data.subarray(at, end))
      at = end
    }
    return at
  }
  return (chunk) => {
    // Of a message in two chunks only that much is moved.
    const missing = rest.length < HEAD_BYTES ? 0 : 1 + rest.readInt32BE(1) - rest.length
    const isWhole = missing > 0 && missing <= chunk.length
    if (isWhole) takeWhole(Buffer.concat([rest, chunk.subarray(0, missing)]), 0)
    const data = isWhole || rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    rest = data.subarray(takeWhole(data, isWhole ? missing : 0))
  }
}
