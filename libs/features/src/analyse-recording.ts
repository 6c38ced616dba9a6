import { blockLength, type BlockSums } from './block-sums.ts'
import { checkFinite, countFrames } from './extractor.ts'
import type { LibrosaSpec } from './feature-spec.ts'
import { writeTables, type KernelTables } from './kernel-tables.ts'
import type { Kernels } from './kernels.ts'
import { DYNAMIC_RANGE, LOWEST_POWER } from './mfcc.ts'

/** What the kernels have made of one recording; valid until the next. */
export type Analysis = {
  readonly frameCount: number
  /** Bands a row of `mel`: nMels, made a multiple of four. */
  readonly bands: number
  /** [frameCount][bands], power. */
  readonly mel: Float32Array
  readonly blocks: BlockSums
  /** The sum of each band over time, and the largest of all values (or of 1e-10). */
  sumOverTime(): { readonly sums: Float64Array; readonly top: number }
  /** The mean over time of each band in dB, not below what lies 80 dB under the largest; into `db`. */
  meanDb(top: number, db: Float64Array): void
  /** [frameCount][coefficients], where coefficients is nMfcc, made a multiple of four. */
  mfcc(top: number): { readonly values: Float32Array; readonly coefficients: number }
}

/** Runs kernels over a recording. Throws `FeatureError` `empty`, `not_finite`. */
export type Analyse = (samples: Float32Array) => Analysis

// The largest float32 below -1e-10: librosa takes what is nearer to zero as positive.
const NEGATIVE_FROM = Math.fround(-1e-10)

export function createAnalysis(spec: LibrosaSpec, kernels: Kernels): Analyse {
  const tables = writeTables(kernels.kernelMemory, spec)
  return (samples) => {
    const frameCount = countFrames(samples, spec)
    const places = layOut(samples.length, frameCount, { spec, tables, kernels })
    const blocks = sumBlocks(samples, places, { spec, tables, kernels })
    checkFinite(blocks.squares)
    const { run, kernelMemory } = kernels
    const { bands, coefficients } = tables
    const { padding, mel, sums, mantissas, exponents, db, cepstra } = places
    run.melSpectrogram(padding, frameCount, spec.nFft, spec.hopLength, bands, tables.melSpectrogram, mel)
    return {
      frameCount,
      bands,
      mel: kernelMemory.floats32(mel, frameCount * bands),
      blocks,
      sumOverTime() {
        const view = kernelMemory.floats64(sums, bands).fill(0)
        return { sums: view, top: run.sumOverTime(mel, frameCount, bands, sums, LOWEST_POWER) }
      },
      meanDb(top, meanDb) {
        const products = kernelMemory.floats32(mantissas, bands).fill(1)
        const octaves = kernelMemory.integers(exponents, bands).fill(0)
        run.multiplyOverTime(mel, frameCount, bands, floorUnder(top), mantissas, exponents)
        for (let band = 0; band < meanDb.length; band++) {
          meanDb[band] = (10 * (Math.log10(products[band]) + octaves[band] * Math.LOG10E * Math.LN2)) / frameCount
        }
      },
      mfcc(top) {
        run.powersToDb(mel, frameCount * bands, floorUnder(top), db)
        run.cosineTransform(db, frameCount, bands, tables.cosines, coefficients, cepstra)
        return { values: kernelMemory.floats32(cepstra, frameCount * coefficients), coefficients }
      },
    }
  }
}

function floorUnder(top: number): number {
  return Math.max(LOWEST_POWER, top * DYNAMIC_RANGE)
}

type Parts = { readonly spec: LibrosaSpec; readonly tables: KernelTables; readonly kernels: Kernels }
type Places = ReturnType<typeof layOut>

/** Addresses of one recording's buffers. */
function layOut(samples: number, frameCount: number, { spec, tables, kernels }: Parts) {
  const { nFft, hopLength } = spec
  const { bands, coefficients } = tables
  const rows = Math.ceil(frameCount / 4) * 4
  const blocks = Math.ceil(samples / blockLength(spec))
  const padded = Math.max((rows - 1) * hopLength, samples) + nFft
  const [padding, mel, sums, mantissas, exponents, squares, crossings, atStart, db, cepstra] =
    kernels.kernelMemory.reserveForOne(
      padded * 4,
      rows * bands * 4,
      bands * 8,
      bands * 4,
      bands * 4,
      blocks * 8,
      blocks * 4,
      blocks * 4,
      rows * bands * 4,
      rows * coefficients * 4,
    )
  return { padded, blocks, padding, mel, sums, mantissas, exponents, squares, crossings, atStart, db, cepstra }
}

/** Copies the samples, half a frame of zeros before them and zeros behind, and sums up their blocks. */
function sumBlocks(samples: Float32Array, places: Places, { spec, kernels }: Parts): BlockSums {
  const { run, kernelMemory } = kernels
  const { padding, padded, blocks, squares, crossings, atStart } = places
  const before = spec.nFft / 2
  const block = blockLength(spec)
  const view = kernelMemory.floats32(padding, padded)
  view.fill(0, 0, before).fill(0, before + samples.length)
  view.set(samples, before)
  // No change of sign into the very first sample.
  view[before - 1] = samples[0]
  run.blockSums(padding + before * 4, samples.length, block, NEGATIVE_FROM, squares, crossings, atStart)
  view[before - 1] = 0
  return {
    block,
    squares: kernelMemory.floats64(squares, blocks),
    crossings: kernelMemory.integers(crossings, blocks),
    atStart: kernelMemory.integers(atStart, blocks),
  }
}
