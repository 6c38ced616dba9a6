import { loadKernels } from './kernels.ts'

/** Reads one channel of little-endian 16-bit samples; the array is valid until the next call. */
export type ReadPcm16 = (bytes: Uint8Array) => Float32Array

/** Makes the reader on a kernel with a memory of its own; undefined where there are no kernels. */
export function createPcm16Reader(): ReadPcm16 | undefined {
  const kernels = loadKernels()
  if (!kernels) return undefined
  const { run, kernelMemory } = kernels
  return (bytes) => {
    const count = bytes.length >> 1
    const whole = Math.ceil(count / 8) * 8
    const [from, to] = kernelMemory.reserveForOne(whole * 2, whole * 4)
    kernelMemory.bytes(from, count * 2).set(bytes.subarray(0, count * 2))
    run.readPcm16(from, whole, to)
    return kernelMemory.floats32(to, count)
  }
}
