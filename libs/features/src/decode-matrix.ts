import { codesAt, COLUMN_BYTES, HEADER_BYTES, MATRIX_VERSION, matrixBytes, type MatrixShape } from './matrix-format.ts'

/** What a stored matrix is, without decoding it. @throws RangeError for what is none, or not whole */
export function readMatrixShape(bytes: Uint8Array): MatrixShape {
  const view = viewOf(bytes)
  if (bytes.length < HEADER_BYTES || view.getUint32(0, true) !== MATRIX_VERSION)
    throw new RangeError('not a stored matrix, or of another version')
  const [frames, columns, start, end] = [4, 8, 12, 16].map((at) => view.getUint32(at, true))
  if (bytes.length !== matrixBytes({ frames, columns }))
    throw new RangeError(`a matrix of ${frames} x ${columns} does not take ${bytes.length} bytes`)
  return { frames, columns, power: [start, end] }
}

/**
 * The chosen columns of a matrix that `encodeMatrix` made.
 *
 * @param ranges columns `[start, end)`, one range after the other; absent: all
 * @returns row major, [frames, chosen columns]
 * @throws RangeError for what is no such matrix
 */
export function decodeMatrix(
  bytes: Uint8Array,
  ranges?: readonly (readonly [start: number, end: number])[],
): Float32Array<ArrayBuffer> {
  const { frames, columns, power } = readMatrixShape(bytes)
  const view = viewOf(bytes)
  const chosen = (ranges ?? [[0, columns]]).flatMap(([start, end]) =>
    Array.from({ length: end - start }, (_, index) => start + index),
  )
  if (chosen.some((index) => index >= columns)) throw new RangeError(`the matrix has ${columns} columns`)
  const width = chosen.length
  const values = new Float32Array(frames * width)
  for (const [place, index] of chosen.entries()) {
    const low = view.getFloat32(HEADER_BYTES + COLUMN_BYTES * index, true)
    const step = view.getFloat32(HEADER_BYTES + COLUMN_BYTES * index + 4, true)
    const isPower = index >= power[0] && index < power[1]
    const start = codesAt(columns) + 2 * frames * index
    for (let frame = 0; frame < frames; frame++) {
      const value = low + view.getUint16(start + 2 * frame, true) * step
      values[frame * width + place] = isPower ? Math.exp(value) : value
    }
  }
  return values
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}
