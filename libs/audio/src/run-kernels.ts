import { fftTwiddles, type KernelMemory } from '@ser/kernels'
import { designFilter } from './design-filter.ts'
import { designInterpolation } from './interpolate-samples.ts'
import type { Kernels } from './kernels.ts'
import type { FilterStage, InterpolateStage } from './plan-resampling.ts'
import type { RunStage, Samples } from './run-stage.ts'

// A group of blocks is filtered at once (assembly/filter-band.ts).
const BLOCKS = 4

/** `filterBand` by the WebAssembly kernel. The kernels' memory must be this stage's own. */
export function filterBandFast(stage: FilterStage, { run, kernelMemory }: Kernels): RunStage {
  const { up, down } = stage
  const { size, block, before, after, spectra } = designFilter(stage)
  const twiddles = put(
    kernelMemory,
    fftTwiddles(size).flatMap((pass) => Array.from(pass)),
  )
  const order = digitReversed(size)
  const interleaved = spectra.flatMap(({ re, im }) => order.flatMap((k) => [re[k], im[k]]))
  const filters = put(kernelMemory, interleaved)
  const buffers = kernelMemory.reserve(up * size * 32)
  const plan = kernelMemory.reserve(32)
  kernelMemory.integers(plan, 8).set([size, block, before, up, down, twiddles, filters, buffers])
  return {
    inputsFor: (outputs) => Math.ceil((outputs * down) / up) + after + 1,
    history: before,
    period: { inputs: BLOCKS * block * down, outputs: BLOCKS * block * up },
    run(input, outputs, start = 0) {
      const groups = Math.ceil((outputs * down) / up / (BLOCKS * block))
      const padded = groups * BLOCKS * block + size
      const room = Math.ceil((groups * BLOCKS * block * up) / down) + up
      const [from, to] = kernelMemory.reserveForOne(padded * 8, room * 8)
      fill(kernelMemory.floats64(from, padded), input, start - before)
      run.filterBand(from, groups, to, plan)
      return kernelMemory.floats64(to, outputs)
    },
  }
}

/** The frequencies in the order that a transform by decimation in frequency leaves them in: radix 4, or 2 at last. */
function digitReversed(size: number): number[] {
  if (size < 4) return Array.from({ length: size }, (_, k) => k)
  const quarter = digitReversed(size / 4)
  return [0, 1, 2, 3].flatMap((part) => quarter.map((k) => 4 * k + part))
}

/** `interpolateSamples` by the WebAssembly kernels. The kernels' memory must be this stage's own. */
export function interpolateSamplesFast(stage: InterpolateStage, { run, kernelMemory }: Kernels): RunStage {
  const { step, phases } = stage
  const { side, rows, table } = designInterpolation(stage)
  const taps = 2 * side
  const exact = rows === phases
  const coefficients = put(kernelMemory, exact ? inOrderOfUse(table, taps, stage) : table)
  return {
    inputsFor: (outputs) => Math.ceil((outputs * step) / phases) + side + 1,
    history: side - 1,
    period: { inputs: step, outputs: phases },
    run(input, outputs, start = 0) {
      const padded = Math.floor((outputs * step) / phases) + 3 * side
      const [from, to] = kernelMemory.reserveForOne(padded * 8, outputs * 8)
      fill(kernelMemory.floats64(from, padded), input, start - side + 1)
      if (exact) run.interpolateExactly(from, to, outputs, step, phases, coefficients, taps)
      else run.interpolateBetween(from, to, outputs, step, phases, coefficients, taps, rows)
      return kernelMemory.floats64(to, outputs)
    },
  }
}

/** The rows of one period of outputs, as they follow each other. */
function inOrderOfUse(table: Float64Array, taps: number, { step, phases }: InterpolateStage): Float64Array {
  const ordered = new Float64Array(phases * taps)
  for (let output = 0; output < phases; output++) {
    const row = (output * step) % phases
    ordered.set(table.subarray(row * taps, (row + 1) * taps), output * taps)
  }
  return ordered
}

function put(kernelMemory: KernelMemory, values: ArrayLike<number>): number {
  const address = kernelMemory.reserve(values.length * 8)
  kernelMemory.floats64(address, values.length).set(values)
  return address
}

/** Fills with the input from `first` on, and with zeros where it has nothing. */
function fill(target: Float64Array, input: Samples, first: number): void {
  const before = Math.max(-first, 0)
  const from = Math.max(first, 0)
  const count = Math.max(Math.min(input.length - from, target.length - before), 0)
  target.fill(0, 0, before).fill(0, before + count)
  target.set(input.subarray(from, from + count), before)
}
