import { loadModule, type KernelMemory } from '@ser/kernels'
import { KERNEL_BYTES } from './kernel-bytes.ts'

/** What assembly/index.ts exports. Addresses are byte offsets into the memory that was given. */
export type KernelExports = {
  melSpectrogram(
    samples: number,
    frameCount: number,
    nFft: number,
    hop: number,
    bands: number,
    tables: number,
    mel: number,
  ): void
  sumOverTime(mel: number, frames: number, bands: number, sums: number, least: number): number
  multiplyOverTime(
    mel: number,
    frames: number,
    bands: number,
    floor: number,
    mantissas: number,
    exponents: number,
  ): void
  powersToDb(values: number, count: number, floor: number, db: number): void
  cosineTransform(db: number, frames: number, bands: number, matrix: number, coefficients: number, target: number): void
  blockSums(
    samples: number,
    count: number,
    block: number,
    negativeFrom: number,
    squares: number,
    crossings: number,
    atStart: number,
  ): void
  takePair(samples: number, hopBytes: number, count: number, frame: number): void
  centrePair(frame: number, count: number, peak: number): void
  pairSpectrum(frame: number, count: number, size: number, tables: number, power: number): void
  splitPairs(pairs: number, count: number, first: number, second: number): void
  correlatePair(power: number, comb: number, lags: number, tables: number, correlations: number): void
}

export type Kernels = { readonly run: KernelExports; readonly kernelMemory: KernelMemory }

/** Loads the kernels on a memory of their own; undefined where WebAssembly with SIMD is missing. */
export function loadKernels(): Kernels | undefined {
  const loaded = loadModule(KERNEL_BYTES)
  if (!loaded) return undefined
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the module is our own, built from assembly/index.ts
  return { run: loaded.exports as KernelExports, kernelMemory: loaded.kernelMemory }
}
