/**
 * Cosine and sine of an angle (|angle| < 100) as glibc's cosf and sinf round them, by the same polynomials (ARM's
 * optimized routines): two of a hundred are not the nearest float32, and libsoxr's transforms are made of them.
 *
 * @param angle radians, a float32
 */
export function turnFloat32(angle: number): [cosine: number, sine: number] {
  const quarters = Math.round(angle * (2 / Math.PI))
  const rest = angle - quarters * (Math.PI / 2)
  const [cosine, sine] = [cosineNearZero(rest), sineNearZero(rest)]
  const turned: [number, number][] = [
    [cosine, sine],
    [-sine, cosine],
    [-cosine, -sine],
    [sine, -cosine],
  ]
  return turned[quarters & 3]
}

function cosineNearZero(x: number): number {
  const square = x * x
  const high = square * square * square * (-0.001388676379437604 + square * 2.4390450703564542e-5)
  return Math.fround(1 - square * 0.49999999725108224 + square * square * 0.041666623324344516 + high)
}

function sineNearZero(x: number): number {
  const cube = x * x * x
  const high = cube * x * x * (0.008332178146138854 - x * x * 0.00019517298981385725)
  return Math.fround(x - cube * 0.16666654943701084 + high)
}
