import { loadModule, type KernelMemory } from '@ser/kernels'
import { KERNEL_BYTES } from './kernel-bytes.ts'

/** What assembly/index.ts exports. Addresses are byte offsets into the memory. */
export type KernelExports = {
  readPcm16(bytes: number, count: number, samples: number): void
  filterBand(input: number, groups: number, output: number, plan: number): void
  spectrumOf(input: number, blockBytes: number, transform: number, work: number, spectrum: number): void
  interpolateExactly(input: number, output: number, count: number, times: number, table: number, taps: number): void
  interpolateBetween(input: number, output: number, count: number, times: number, table: number, taps: number): void
}

export type Kernels = { readonly run: KernelExports; readonly kernelMemory: KernelMemory }

/** Loads the kernels on a memory of their own; undefined where WebAssembly with SIMD is missing. */
export function loadKernels(): Kernels | undefined {
  const loaded = loadModule(KERNEL_BYTES)
  if (!loaded) return undefined
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the module is our own, built from assembly/index.ts
  return { run: loaded.exports as KernelExports, kernelMemory: loaded.kernelMemory }
}
