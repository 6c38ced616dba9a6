import { AugmentationError, requireInteger, requireRange } from './errors.ts'
import type { SeededRandom } from './random.ts'

export type MaskSpectrogramParams = {
  /** Values in a frame: the matrix is [frames x bins], frame after frame. */
  readonly bins: number
  readonly timeMasks: number
  /** The longest mask in frames; the length is drawn evenly from 0 on. */
  readonly timeMaskFrames: number
  /** No time mask covers more than this share of the frames (default 1). */
  readonly timeMaskShare?: number | undefined
  readonly frequencyMasks: number
  /** The widest mask in bins; the width is drawn evenly from 0 on. */
  readonly frequencyMaskBins: number
  /** What stands in a mask: each bin's mean over the frames (default), or a number. */
  readonly fill?: 'mean' | number | undefined
}

function meansOf(matrix: Float32Array, bins: number): Float32Array {
  const sums = new Float64Array(bins)
  for (let at = 0; at < matrix.length; at++) sums[at % bins] += matrix[at]
  return Float32Array.from(sums, (sum) => (sum * bins) / Math.max(1, matrix.length))
}

/**
 * SpecAugment (Park et al. 2019) without its time warp, the least useful of its three parts as its authors say: masks over random stretches of
 * time and bands of frequency. The mean is taken of each bin by itself, so that bins may be of different kinds: bands, coefficients, levels.
 * @param matrix [frames x bins], frame after frame. @returns a copy with masks. Throws `not-a-matrix`.
 */
export function maskSpectrogram(
  matrix: Float32Array,
  params: MaskSpectrogramParams,
  random: SeededRandom,
): Float32Array {
  const { bins, timeMasks, timeMaskFrames, timeMaskShare = 1, frequencyMasks, frequencyMaskBins } = params
  requireInteger('bins', bins, 1, 1_000_000)
  requireInteger('timeMasks', timeMasks, 0, 1000)
  requireInteger('timeMaskFrames', timeMaskFrames, 0, 1_000_000)
  requireInteger('frequencyMasks', frequencyMasks, 0, 1000)
  requireInteger('frequencyMaskBins', frequencyMaskBins, 0, 1_000_000)
  requireRange('timeMaskShare', timeMaskShare, 0, 1)
  if (matrix.length % bins !== 0) {
    throw new AugmentationError('not-a-matrix', `${matrix.length} values are no whole number of frames of ${bins}`)
  }
  const frames = matrix.length / bins
  const fill = typeof params.fill === 'number' ? new Float32Array(bins).fill(params.fill) : meansOf(matrix, bins)
  const output = matrix.slice()
  for (let mask = 0; mask < timeMasks; mask++) {
    const [start, end] = drawSpan(Math.min(timeMaskFrames, Math.floor(timeMaskShare * frames)), frames, random)
    for (let frame = start; frame < end; frame++) output.set(fill, frame * bins)
  }
  for (let mask = 0; mask < frequencyMasks; mask++) {
    const [start, end] = drawSpan(Math.min(frequencyMaskBins, bins), bins, random)
    const band = fill.subarray(start, end)
    for (let frame = 0; frame < frames; frame++) output.set(band, frame * bins + start)
  }
  return output
}

/** A span of 0 to `longest` places within `total`. */
function drawSpan(longest: number, total: number, random: SeededRandom): [number, number] {
  const length = random.integer(0, longest)
  const start = random.integer(0, total - length)
  return [start, start + length]
}
