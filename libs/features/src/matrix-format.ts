// A stored matrix: whole numbers of 16 bits between the least and the greatest value of their column. Little-endian:
//
//   uint32 version, frames, columns, first column of power, end of the columns of power
//   float32 low and step of each column
//   uint16 codes, column by column: a group of features is one piece of the file
//
// A value is low + code * step, and of a column of power the exponential of that: what matters there are ratios.

export const MATRIX_VERSION = 1
export const HEADER_BYTES = 20
export const COLUMN_BYTES = 8
export const MOST_CODE = 65_535
/** Less power reads as so much: -100 dB, below which librosa's decibels do not go either. */
export const LEAST_POWER = 1e-10

/** What a stored matrix says of itself. */
export type MatrixShape = {
  readonly frames: number
  readonly columns: number
  /** The columns `[start, end)` that hold power. */
  readonly power: readonly [start: number, end: number]
}

export function matrixBytes({ frames, columns }: Pick<MatrixShape, 'frames' | 'columns'>): number {
  return codesAt(columns) + 2 * frames * columns
}

/** Where the codes begin. */
export function codesAt(columns: number): number {
  return HEADER_BYTES + COLUMN_BYTES * columns
}
