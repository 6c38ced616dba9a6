import { KERNEL_BYTES } from './kernel-bytes.ts'
import { createKernelMemory, type KernelMemory } from './kernel-memory.ts'
import { webAssembly } from './web-assembly.ts'

/** What assembly/index.ts exports. Addresses are byte offsets into the memory that was given. */
export type KernelExports = {
  melSpectrogram(samples: number, frameCount: number, nFft: number, hop: number, bands: number, tables: number): void
  largest(values: number, count: number, least: number): number
  sumOverTime(mel: number, frames: number, bands: number, sums: number): void
  multiplyOverTime(mel: number, frames: number, bands: number, floor: number, top: number, products: number): void
  blockSums(samples: number, count: number, block: number, negativeFrom: number, sums: number): void
}

export type Kernels = { readonly run: KernelExports; readonly kernelMemory: KernelMemory }

/** Loads the kernels on a memory of their own; undefined where WebAssembly with SIMD is missing. */
export function loadKernels(): Kernels | undefined {
  if (!webAssembly) return undefined
  const bytes = Uint8Array.from(atob(KERNEL_BYTES), (letter) => letter.charCodeAt(0))
  if (!webAssembly.validate(bytes)) return undefined
  const memory = new webAssembly.Memory({ initial: 4 })
  const instance = new webAssembly.Instance(new webAssembly.Module(bytes), { env: { memory } })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the module is our own, built from assembly/index.ts
  return { run: instance.exports as KernelExports, kernelMemory: createKernelMemory(memory) }
}
