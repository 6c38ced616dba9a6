export const LOWEST_POWER = 1e-10
/** 80 dB. */
export const DYNAMIC_RANGE = 1e-8
// The ratio to the loudest band is at least 1e-8, so the product of this many is at least 1e-256: a normal number.
export const RATIOS_PER_LOGARITHM = 32

/**
 * The level under which librosa.power_to_db(ref=1, amin=1e-10, top_db=80) cuts off, and the level that it cuts from:
 * 80 dB under the loudest value of the whole recording, as powers.
 */
export function levelLimits(mel: Float64Array, count: number): { readonly top: number; readonly floor: number } {
  let top = LOWEST_POWER
  for (let i = 0; i < count; i++) if (mel[i] > top) top = mel[i]
  return { top, floor: Math.max(LOWEST_POWER, top * DYNAMIC_RANGE) }
}

/** dB of one power value within the limits. */
export function powerToDb(power: number, floor: number): number {
  return 10 * Math.log10(Math.max(power, floor))
}

/**
 * The mean over time of each band in dB. The mean of logarithms is the logarithm of a product, so that one
 * logarithm serves 32 frames; the values are taken relative to the loudest, which keeps the product in range.
 *
 * @param mel power, row-major [frame][band]
 * @param meanDb receives one value a band
 */
export function meanDbOverTime(mel: Float64Array, frameCount: number, meanDb: Float64Array): void {
  const bands = meanDb.length
  const { top, floor } = levelLimits(mel, frameCount * bands)
  for (let band = 0; band < bands; band++) {
    let sum = 0
    for (let frame = 0; frame < frameCount; frame += RATIOS_PER_LOGARITHM) {
      const end = Math.min(frame + RATIOS_PER_LOGARITHM, frameCount)
      let product = 1
      for (let i = frame; i < end; i++) product *= Math.max(mel[i * bands + band], floor) / top
      sum += Math.log10(product)
    }
    meanDb[band] = 10 * (Math.log10(top) + sum / frameCount)
  }
}

/** The first `rows` rows of the orthonormal DCT-II of `columns` values, row-major: scipy.fft.dct(norm='ortho'). */
export function dctMatrix(rows: number, columns: number): Float64Array {
  const matrix = new Float64Array(rows * columns)
  for (let row = 0; row < rows; row++) {
    const scale = Math.sqrt((row === 0 ? 1 : 2) / columns)
    for (let column = 0; column < columns; column++) {
      matrix[row * columns + column] = scale * Math.cos((Math.PI * row * (2 * column + 1)) / (2 * columns))
    }
  }
  return matrix
}

/** One cepstral coefficient: a row of the DCT times the dB values that begin at `offset`. */
export function dctRow(matrix: Float64Array, row: number, db: Float64Array, offset = 0, columns = db.length): number {
  let sum = 0
  for (let column = 0; column < columns; column++) sum += matrix[row * columns + column] * db[offset + column]
  return sum
}
