/** Each row divided by its sum; a row of zeros stays zeros. */
export function normaliseRows(matrix: readonly (readonly number[])[]): number[][] {
  return matrix.map((row) => {
    const sum = row.reduce((total, value) => total + value, 0)
    return row.map((value) => (sum === 0 ? 0 : value / sum))
  })
}
