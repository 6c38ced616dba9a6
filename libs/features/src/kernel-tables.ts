import { fftTwiddles, type KernelMemory } from '@ser/kernels'
import type { FeatureSpec } from './feature-spec.ts'
import { hannWindow } from './hann-window.ts'
import { melFilters } from './mel-filters.ts'

/** Addresses of what stays in the kernels' memory, in the order that assembly/mel-spectrogram.ts reads them. */
export type KernelTables = { readonly table: number; setMel(address: number): void }

/** Writes the window, the transform's factors and the filters into the kernels' memory and reserves their buffers. */
export function writeTables(kernelMemory: KernelMemory, spec: FeatureSpec, columns: number): KernelTables {
  const half = spec.nFft / 2
  const put = (values: ArrayLike<number>): number => {
    const address = kernelMemory.reserve(values.length * 8)
    kernelMemory.floats64(address, values.length).set(values)
    return address
  }
  const window = put(hannWindow(spec.nFft))
  const twiddles = put(fftTwiddles(half).flatMap((pass) => Array.from(pass)))
  const turns = put(turnsOf(spec.nFft))
  const data = kernelMemory.reserve(half * 32)
  const scratch = kernelMemory.reserve(half * 32)
  const power = kernelMemory.reserve((half + 1) * 16)
  const filters = writeFilters(kernelMemory, spec, columns)
  const table = kernelMemory.reserve(32)
  kernelMemory.integers(table, 7).set([window, twiddles, turns, data, scratch, power, filters])
  return {
    table,
    setMel(address) {
      kernelMemory.integers(table, 8)[7] = address
    },
  }
}

/** cos and sin of 2 pi k / nFft in pairs, for a quarter of the circle. */
function turnsOf(nFft: number): Float64Array {
  return Float64Array.from({ length: nFft / 2 + 2 }, (_, i) => {
    const angle = (2 * Math.PI * (i >> 1)) / nFft
    return i % 2 === 0 ? Math.cos(angle) : Math.sin(angle)
  })
}

/** Per column its first bin and how many bins it covers, then all weights; a column without a band covers none. */
function writeFilters(kernelMemory: KernelMemory, spec: FeatureSpec, columns: number): number {
  const { start, offset, weights } = melFilters(spec)
  const address = kernelMemory.reserve(columns * 8 + weights.length * 8)
  const heads = kernelMemory.integers(address, columns * 2).fill(0)
  for (let band = 0; band < spec.nMels; band++) {
    heads[band * 2] = start[band]
    heads[band * 2 + 1] = offset[band + 1] - offset[band]
  }
  kernelMemory.floats64(address + columns * 8, weights.length).set(weights)
  return address
}
