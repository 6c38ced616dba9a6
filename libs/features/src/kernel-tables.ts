import { digitReversed, fftTwiddles, type KernelMemory } from '@ser/kernels'
import type { LibrosaSpec } from './feature-spec.ts'
import { hannWindow } from './hann-window.ts'
import { melFilters } from './mel-filters.ts'
import { dctMatrix } from './mfcc.ts'

/** What stays in the kernels' memory. Bands and coefficients are made multiples of four, the new ones empty. */
export type KernelTables = {
  readonly bands: number
  readonly coefficients: number
  /** Of the addresses, in the order that assembly/mel-spectrogram.ts reads them. */
  readonly melSpectrogram: number
  /** [bands][coefficients] */
  readonly cosines: number
}

// Bytes of a complex number of four frames.
const COMPLEX_BYTES = 32

/** Writes the window, the transform's factors and the filters into the kernels' memory and reserves their buffers. */
export function writeTables(kernelMemory: KernelMemory, spec: LibrosaSpec): KernelTables {
  const half = spec.nFft / 2
  const bands = multipleOfFour(spec.nMels)
  const coefficients = multipleOfFour(spec.nMfcc)
  const put = (values: ArrayLike<number>): number => {
    const address = kernelMemory.reserve(values.length * 4)
    kernelMemory.floats32(address, values.length).set(values)
    return address
  }
  // Halved, so that the transform need not be when even and odd samples are taken apart.
  const window = put(hannWindow(spec.nFft).map((value) => value / 2))
  const twiddles = put(fftTwiddles(half).flatMap((pass) => Array.from(pass)))
  const turns = put(turnsOf(spec.nFft))
  const places = writePlaces(kernelMemory, half)
  const data = kernelMemory.reserve(half * COMPLEX_BYTES)
  const power = kernelMemory.reserve((half + 1) * 16)
  const filters = writeFilters(kernelMemory, spec, bands)
  const columns = kernelMemory.reserve(bands * 16)
  const melSpectrogram = kernelMemory.reserve(32)
  kernelMemory.integers(melSpectrogram, 8).set([window, twiddles, turns, places, data, power, filters, columns])
  return { bands, coefficients, melSpectrogram, cosines: put(cosines(spec, bands, coefficients)) }
}

function multipleOfFour(count: number): number {
  return Math.ceil(count / 4) * 4
}

/** cos and sin of 2 pi k / nFft in pairs, for a quarter of the circle. */
function turnsOf(nFft: number): Float64Array {
  return Float64Array.from({ length: nFft / 2 + 2 }, (_, i) => {
    const angle = (2 * Math.PI * (i >> 1)) / nFft
    return i % 2 === 0 ? Math.cos(angle) : Math.sin(angle)
  })
}

/** Where each frequency lies after the transform, in bytes. */
function writePlaces(kernelMemory: KernelMemory, size: number): number {
  const address = kernelMemory.reserve(size * 4)
  const places = kernelMemory.integers(address, size)
  digitReversed(size).forEach((frequency, place) => {
    places[frequency] = place * COMPLEX_BYTES
  })
  return address
}

/**
 * The filters by the bins between two edges: the first bin above the first edge; for each edge the bins up to the
 * next one; then for each of those bins its weight in the band that rises there and in the band before, which falls.
 */
function writeFilters(kernelMemory: KernelMemory, spec: LibrosaSpec, bands: number): number {
  const { start, offset, weights, edgesHz } = melFilters(spec)
  const bins = spec.nFft / 2 + 1
  const counts = new Int32Array(bands + 1)
  const pairs: number[] = []
  const weightOf = (band: number, bin: number): number => {
    const at = offset[band] + bin - start[band]
    return band >= 0 && band < spec.nMels && at >= offset[band] && at < offset[band + 1] ? weights[at] : 0
  }
  // The first edge is 0 Hz, where every filter is zero.
  for (let bin = 1, edge = 0; bin < bins; bin++) {
    const hz = (bin * spec.sampleRate) / spec.nFft
    while (edge <= spec.nMels && hz > edgesHz[edge + 1]) edge++
    if (edge > spec.nMels) break
    counts[edge]++
    pairs.push(weightOf(edge, bin), weightOf(edge - 1, bin))
  }
  const address = kernelMemory.reserve((bands + 2 + pairs.length) * 4)
  kernelMemory.integers(address, bands + 2).set([1, ...counts])
  kernelMemory.floats32(address + (bands + 2) * 4, pairs.length).set(pairs)
  return address
}

/** The DCT with a row a band, so that four coefficients of a band lie side by side. */
function cosines({ nMfcc, nMels }: LibrosaSpec, bands: number, coefficients: number): Float32Array {
  const matrix = dctMatrix(nMfcc, nMels)
  const turned = new Float32Array(bands * coefficients)
  for (let row = 0; row < nMfcc; row++) {
    for (let band = 0; band < nMels; band++) turned[band * coefficients + row] = matrix[row * nMels + band]
  }
  return turned
}
