import type { KernelMemory } from '@ser/kernels'
import { blockLength, type BlockSums } from './block-sums.ts'
import { checkSamples } from './extractor.ts'
import type { FeatureSpec } from './feature-spec.ts'
import { writeTables } from './kernel-tables.ts'
import type { Kernels } from './kernels.ts'
import { DYNAMIC_RANGE, LOWEST_POWER, RATIOS_PER_LOGARITHM } from './mfcc.ts'

/** What the kernels have made of one recording; valid until the next. */
export type Analysis = {
  readonly frameCount: number
  /** Bands a row of `mel`: nMels, made even. */
  readonly columns: number
  readonly mel: Float64Array
  /** The sum of each band over time. */
  readonly melSums: Float64Array
  readonly top: number
  readonly floor: number
  /** Per 32 frames, for each band the product of max(mel, floor) / top. */
  readonly products: Float64Array
  readonly blocks: BlockSums
}

// The largest float32 below -1e-10: librosa takes what is nearer to zero as positive.
const NEGATIVE_FROM = Math.fround(-1e-10)

/** Makes what runs all kernels over a recording. Throws `FeatureError` `empty`, `not_finite`. */
export function createAnalysis(spec: FeatureSpec, { run, kernelMemory }: Kernels): (samples: Float32Array) => Analysis {
  const { nFft, hopLength, nMels } = spec
  const columns = nMels + (nMels % 2)
  const block = blockLength(spec)
  const tables = writeTables(kernelMemory, spec, columns)
  return (samples) => {
    const frameCount = checkSamples(samples, spec)
    const groups = Math.ceil(frameCount / RATIOS_PER_LOGARITHM)
    const blocks = Math.ceil(samples.length / block)
    const rows = frameCount + (frameCount % 2)
    const padded = Math.max((rows - 1) * hopLength + nFft, samples.length + nFft)
    const [padding, mel, sums, products, blockSums] = kernelMemory.reserveForOne(
      padded * 4,
      rows * columns * 8,
      columns * 8,
      groups * columns * 8,
      blocks * 16,
    )
    const start = padding + nFft * 2
    const view = kernelMemory.floats32(padding, padded)
    view.fill(0, 0, nFft / 2).fill(0, nFft / 2 + samples.length)
    view.set(samples, nFft / 2)
    tables.setMel(mel)
    run.melSpectrogram(padding, frameCount, nFft, hopLength, columns, tables.table)
    run.sumOverTime(mel, frameCount, columns, sums)
    const top = run.largest(mel, frameCount * columns, LOWEST_POWER)
    const floor = Math.max(LOWEST_POWER, top * DYNAMIC_RANGE)
    for (let group = 0; group < groups; group++) {
      const frame = group * RATIOS_PER_LOGARITHM
      const count = Math.min(RATIOS_PER_LOGARITHM, frameCount - frame)
      const row = columns * 8
      run.multiplyOverTime(mel + frame * row, count, columns, floor, top, products + group * row)
    }
    // No change of sign into the very first sample.
    view[nFft / 2 - 1] = samples[0]
    run.blockSums(start, samples.length, block, NEGATIVE_FROM, blockSums)
    return {
      frameCount,
      columns,
      mel: kernelMemory.floats64(mel, frameCount * columns),
      melSums: kernelMemory.floats64(sums, columns),
      top,
      floor,
      products: kernelMemory.floats64(products, groups * columns),
      blocks: readBlocks(kernelMemory, blockSums, block, blocks),
    }
  }
}

function readBlocks(kernelMemory: KernelMemory, address: number, block: number, count: number): BlockSums {
  const doubles = kernelMemory.floats64(address, count * 2)
  const integers = kernelMemory.integers(address, count * 4)
  return {
    block,
    squares: Float64Array.from({ length: count }, (_, i) => doubles[i * 2]),
    crossings: Int32Array.from({ length: count }, (_, i) => integers[i * 4 + 2]),
    atStart: Uint8Array.from({ length: count }, (_, i) => integers[i * 4 + 3]),
  }
}
