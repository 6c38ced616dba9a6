import type { WasmMemory } from './web-assembly.ts'

const PAGE_BYTES = 65_536
// What AssemblyScript may use for itself lies below.
const FIRST_ADDRESS = 1024

/** A WebAssembly memory that is handed out from the bottom up. Addresses are multiples of 16. */
export type KernelMemory = {
  /** Reserves for good; call before the first `reserveForOne`. */
  reserve(bytes: number): number
  /** Begins anew what lies above the reserved part, for the next recording; grows the memory when needed. */
  reserveForOne(...sizes: readonly number[]): number[]
  /** Views are valid until the memory grows. */
  floats64(address: number, length: number): Float64Array
  floats32(address: number, length: number): Float32Array
  integers(address: number, length: number): Int32Array
  longs(address: number, length: number): BigInt64Array
  bytes(address: number, length: number): Uint8Array
}

export function createKernelMemory(memory: WasmMemory): KernelMemory {
  let reserved = FIRST_ADDRESS

  function ensure(end: number): void {
    const missing = end - memory.buffer.byteLength
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES))
  }

  return {
    reserve(bytes) {
      const address = reserved
      reserved += aligned(bytes)
      ensure(reserved)
      return address
    },
    reserveForOne(...sizes) {
      let end = reserved
      const addresses = sizes.map((bytes) => {
        const address = end
        end += aligned(bytes)
        return address
      })
      ensure(end)
      return addresses
    },
    floats64: (address, length) => new Float64Array(memory.buffer, address, length),
    floats32: (address, length) => new Float32Array(memory.buffer, address, length),
    integers: (address, length) => new Int32Array(memory.buffer, address, length),
    longs: (address, length) => new BigInt64Array(memory.buffer, address, length),
    bytes: (address, length) => new Uint8Array(memory.buffer, address, length),
  }
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 16) * 16
}
