import {
  codesAt,
  COLUMN_BYTES,
  HEADER_BYTES,
  LEAST_POWER,
  MATRIX_VERSION,
  matrixBytes,
  MOST_CODE,
} from './matrix-format.ts'
import type { MatrixShape } from './matrix-format.ts'

export type MatrixColumns = Pick<MatrixShape, 'columns' | 'power'>

/**
 * A feature matrix in two bytes a value, for storage. What `decodeMatrix` gives back differs by at most a 131,070th of the
 * column's range: of a column of power, of its range in decibels (0.0007 dB where it has 90 dB). Power below 1e-10 reads as 1e-10.
 *
 * @param values row major, [frames, columns], finite; power is not negative
 * @throws RangeError when they are no whole rows
 */
export function encodeMatrix(values: Float32Array, { columns, power }: MatrixColumns): Uint8Array<ArrayBuffer> {
  const frames = values.length / columns
  if (!Number.isInteger(frames)) throw new RangeError(`${values.length} values are not rows of ${columns}`)
  const bytes = new Uint8Array(matrixBytes({ frames, columns }))
  const view = new DataView(bytes.buffer)
  for (const [place, number] of [MATRIX_VERSION, frames, columns, ...power].entries())
    view.setUint32(4 * place, number, true)
  const codes = new Uint16Array(bytes.buffer, codesAt(columns))
  const column = new Float64Array(frames)
  for (let index = 0; index < columns; index++) {
    const isPower = index >= power[0] && index < power[1]
    for (let frame = 0; frame < frames; frame++) {
      const value = values[frame * columns + index]
      column[frame] = isPower ? Math.log(Math.max(LEAST_POWER, value)) : value
    }
    const { low, step } = encodeColumn(column, codes.subarray(index * frames, (index + 1) * frames))
    view.setFloat32(HEADER_BYTES + COLUMN_BYTES * index, low, true)
    view.setFloat32(HEADER_BYTES + COLUMN_BYTES * index + 4, step, true)
  }
  return bytes
}

/** Both numbers as they are stored, so that their rounding is made up for by the codes. */
function encodeColumn(column: Float64Array, codes: Uint16Array): { low: number; step: number } {
  let least = Infinity
  let greatest = -Infinity
  for (const value of column) {
    if (value < least) least = value
    if (value > greatest) greatest = value
  }
  const low = Math.fround(least)
  const step = Math.fround((greatest - low) / MOST_CODE)
  if (!(step > 0)) return { low, step: 0 }
  for (let frame = 0; frame < column.length; frame++)
    codes[frame] = Math.max(0, Math.min(MOST_CODE, Math.round((column[frame] - low) / step)))
  return { low, step }
}
