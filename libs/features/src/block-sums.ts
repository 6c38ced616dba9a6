import type { LibrosaSpec } from './feature-spec.ts'

// librosa.zero_crossings takes what is this close to zero as positive.
const ZERO_BAND = 1e-10

/** Sums over blocks of equal length, of which every centred frame is made: a sample is looked at once, not once a frame. */
export type BlockSums = {
  /** Samples a block; divides the hop and half the frame. */
  readonly block: number
  /** Sum of squares of each block. */
  readonly squares: Float64Array
  /** Changes of sign in each block: from the sample before to the sample. */
  readonly crossings: Int32Array
  /** Whether the sign changes into the first sample of each block. */
  readonly atStart: Int32Array
}

/** The longest block of which hops and half frames are whole multiples. */
export function blockLength({ nFft, hopLength }: LibrosaSpec): number {
  let [a, b] = [nFft >> 1, hopLength]
  while (b > 0) [a, b] = [b, a % b]
  return a
}

export function blockSums(samples: Float32Array, block: number): BlockSums {
  const count = Math.ceil(samples.length / block)
  const squares = new Float64Array(count)
  const crossings = new Int32Array(count)
  const atStart = new Int32Array(count)
  let wasNegative = samples[0] < -ZERO_BAND
  for (let index = 0; index < count; index++) {
    const start = index * block
    const end = Math.min(start + block, samples.length)
    let sum = 0
    let changes = 0
    for (let i = start; i < end; i++) {
      const sample = samples[i]
      const isNegative = sample < -ZERO_BAND
      if (isNegative !== wasNegative) {
        changes++
        if (i === start) atStart[index] = 1
      }
      wasNegative = isNegative
      sum += sample * sample
    }
    squares[index] = sum
    crossings[index] = changes
  }
  return { block, squares, crossings, atStart }
}

export type FrameLevels = { readonly zeroCrossingRate: number; readonly rms: number }

/**
 * librosa.feature.zero_crossing_rate and rms of one centred frame. RMS pads with zeros. ZCR pads with the edge
 * values, which adds no crossing, and leaves out the change into the frame's first sample.
 */
export function frameLevels(sums: BlockSums, frame: number, { nFft, hopLength }: LibrosaSpec): FrameLevels {
  const first = (frame * hopLength - (nFft >> 1)) / sums.block
  const from = Math.max(first, 0)
  const to = Math.min(first + nFft / sums.block, sums.squares.length)
  let squares = 0
  let crossings = first >= 0 && first < sums.atStart.length ? -sums.atStart[first] : 0
  for (let index = from; index < to; index++) {
    squares += sums.squares[index]
    crossings += sums.crossings[index]
  }
  return { zeroCrossingRate: crossings / nFft, rms: Math.sqrt(squares / nFft) }
}
