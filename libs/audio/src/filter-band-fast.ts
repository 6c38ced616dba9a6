import { kaiserSinc } from './kaiser-sinc.ts'
import type { Kernels } from './kernels.ts'
import { padInput } from './pad-input.ts'
import type { FilterStage } from './plan-resampling.ts'
import { putRealTransform } from './real-transform.ts'
import type { RunStage } from './run-stage.ts'

// A group of blocks is filtered at once (assembly/filter-band.ts).
const BLOCKS = 4

/**
 * `filterBand` by the WebAssembly kernel, in float32. The kernels' memory must be this stage's own.
 *
 * Blocks, transforms and the order of all operations are those of libsoxr with its PFFFT, so that the samples are
 * libsoxr's to the last bit: between two filters of this quality it is the rounding that differs.
 */
export function filterBandFast(stage: FilterStage, kernels: Kernels): RunStage {
  const { run, kernelMemory } = kernels
  const { up, down, taps } = stage
  // A power of two raises the rate by repeating the spectrum and lowers it by leaving out its upper part; other factors
  // put zeros between the samples and leave samples out.
  const repeated = isPowerOfTwo(up) ? up : 1
  const spaced = up / repeated
  const halved = isPowerOfTwo(down) ? down : 1
  const kept = down / halved
  const size = transformSize(taps)
  const plan = putPlan(stage, { size, repeated, halved }, kernels)
  const inputs = (size - taps + 1) / repeated
  const outputs = (size - taps + 1) / halved
  const centre = (taps - 1) / 2
  const reach = Math.ceil(centre / up)
  return {
    inputsFor: (count) => Math.ceil((count * down) / up) + reach + 1,
    history: reach,
    period: { inputs: BLOCKS * inputs * down, outputs: BLOCKS * inputs * up },
    run(input, count, start = 0) {
      const groups = Math.ceil((count * kept) / (BLOCKS * outputs))
      const padded = (groups * BLOCKS - 1) * inputs + size / repeated
      const [from, to] = kernelMemory.reserveForOne(padded * 4, groups * BLOCKS * outputs * 4)
      padInput(kernelMemory.floats32(from, padded), input, { before: centre / repeated, start, spaced })
      run.filterBand(from, groups, to, plan)
      const samples = kernelMemory.floats32(to, count * kept)
      if (kept === 1) return samples
      return samples.filter((_, index) => index % kept === 0)
    },
  }
}

/** libsoxr's choice: three to seven times the filter. */
function transformSize(taps: number): number {
  const octaves = Math.log2(taps)
  return 2 ** Math.min(Math.max(Math.floor(octaves + 2.77), 10), Math.max(Math.floor(octaves + 1.77), 17))
}

function isPowerOfTwo(value: number): boolean {
  return (value & (value - 1)) === 0
}

type Sizes = { readonly size: number; readonly repeated: number; readonly halved: number }

/** Writes tables and reserves buffers; gives the address of what assembly/filter-band.ts reads first. */
function putPlan(stage: FilterStage, { size, repeated, halved }: Sizes, kernels: Kernels): number {
  const { kernelMemory } = kernels
  const forth = putRealTransform(kernelMemory, size / repeated)
  const back = putRealTransform(kernelMemory, size / halved)
  const work = kernelMemory.reserve(2 * size * 16)
  const spectrum = kernelMemory.reserve(size * 32)
  const factors = putFactors(stage, { size, halved, work, spectrum }, kernels)
  const blockSize = size - stage.taps + 1
  const plan = kernelMemory.reserve(28)
  const numbers = [forth, back, factors, work, spectrum, blockSize / repeated, blockSize / halved]
  kernelMemory.integers(plan, 7).set(numbers)
  return plan
}

type Places = { readonly size: number; readonly halved: number; readonly work: number; readonly spectrum: number }

/** The filter's spectrum by the same transform, in the order of assembly/join-columns.ts. */
function putFactors(
  { up, taps, shape }: FilterStage,
  { size, halved, work, spectrum }: Places,
  { run, kernelMemory }: Kernels,
): number {
  const transform = putRealTransform(kernelMemory, size)
  const quarter = size / halved / 4
  const columns = Array.from({ length: quarter / 2 - 1 }, (_, index) => {
    const column = index + 1
    return [column, quarter - column, quarter + column, 2 * quarter - column]
  })
  const places = [0, 2 * quarter, quarter / 2, quarter, 1.5 * quarter, ...columns.flat()]
  const factors = kernelMemory.reserve(places.length * 8)
  const response = kaiserSinc(shape)
  // In the half of the work that the transform reaches last. The first output of a block lies at its beginning.
  const impulse = work + size * 16
  const samples = kernelMemory.floats32(impulse, size).fill(0)
  for (let tap = 0; tap < taps; tap++) {
    samples[(tap + size - taps + 1) % size] = (response(tap - (taps - 1) / 2) * up) / size
  }
  run.spectrumOf(impulse, 0, transform, work, spectrum)
  const lanes = kernelMemory.floats32(spectrum, size * 8)
  kernelMemory.floats32(factors, places.length * 2).set(places.flatMap((k) => [lanes[8 * k], lanes[8 * k + 4]]))
  return factors
}
