import { createKernelMemory, type KernelMemory } from './kernel-memory.ts'
import { webAssembly } from './web-assembly.ts'

/** A WebAssembly module on a memory of its own. */
export type LoadedModule = { readonly exports: unknown; readonly kernelMemory: KernelMemory }

/**
 * Loads a module that imports its memory (`env.memory`).
 *
 * @param base64 the module's bytes
 * @returns undefined where WebAssembly is missing, or what the module needs of it (SIMD)
 */
export function loadModule(base64: string): LoadedModule | undefined {
  if (!webAssembly) return undefined
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
  if (!webAssembly.validate(bytes)) return undefined
  const memory = new webAssembly.Memory({ initial: 4 })
  const { exports } = new webAssembly.Instance(new webAssembly.Module(bytes), { env: { memory } })
  return { exports, kernelMemory: createKernelMemory(memory) }
}
