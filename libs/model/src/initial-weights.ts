import { standardNormal, type Generator } from './generate-random.ts'

/**
 * Glorot and Bengio's uniform initialiser, Keras' default for kernels: uniform in ±sqrt(6 / (fanIn + fanOut)).
 *
 * @param count how many; a convolution has fewer values than `fanIn * fanOut`, which is the default
 * @returns [fanIn, fanOut], row major
 */
export function glorotUniform(fanIn: number, fanOut: number, random: Generator, count = fanIn * fanOut): Float32Array {
  const limit = Math.sqrt(6 / (fanIn + fanOut))
  return Float32Array.from({ length: count }, () => (2 * random() - 1) * limit)
}

/**
 * Keras' `Orthogonal` for recurrent kernels: the orthonormal factor of a matrix of normal numbers, signs chosen so that it is
 * uniform over all of them (Saxe et al. 2013). Computed as Gram and Schmidt do, twice, in float64.
 *
 * @returns [rows, columns], row major, with orthonormal rows; `rows <= columns`
 */
export function orthogonal(rows: number, columns: number, random: Generator): Float32Array {
  if (rows > columns) throw new RangeError(`${rows} rows of ${columns} values cannot be orthonormal`)
  const basis: Float64Array[] = []
  for (let row = 0; row < rows; row++) {
    const vector = Float64Array.from({ length: columns }, () => standardNormal(random))
    // One pass loses orthogonality where vectors are nearly dependent; the second restores it.
    for (let pass = 0; pass < 2; pass++) for (const other of basis) subtractProjection(vector, other)
    const norm = Math.sqrt(dot(vector, vector))
    basis.push(vector.map((value) => value / norm))
  }
  const matrix = new Float32Array(rows * columns)
  basis.forEach((vector, row) => matrix.set(vector, row * columns))
  return matrix
}

/** Zeros, but ones for the forget gate (Keras' `unit_forget_bias`; Jozefowicz et al. 2015). Gate order i, f, c, o. */
export function forgetGateBias(units: number): Float32Array {
  return new Float32Array(4 * units).fill(1, units, 2 * units)
}

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0
  for (let i = 0; i < a.length; i++) total += a[i] * b[i]
  return total
}

function subtractProjection(vector: Float64Array, onto: Float64Array): void {
  const scale = dot(vector, onto)
  for (let i = 0; i < vector.length; i++) vector[i] -= scale * onto[i]
}
