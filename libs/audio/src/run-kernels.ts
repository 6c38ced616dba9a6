import { digitReversed, fftTwiddles, type KernelMemory } from '@ser/kernels'
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
  const twiddles = putDoubles(
    kernelMemory,
    fftTwiddles(size).flatMap((pass) => Array.from(pass)),
  )
  const order = digitReversed(size)
  const interleaved = spectra.flatMap(({ re, im }) => order.flatMap((k) => [re[k], im[k]]))
  const filters = putDoubles(kernelMemory, interleaved)
  const buffers = kernelMemory.reserve(up * size * 32)
  const plan = kernelMemory.reserve(32)
  kernelMemory.integers(plan, 8).set([size, block, before, up, down, twiddles, filters, buffers])
  return {
    inputsFor: (outputs) => Math.ceil((outputs * down) / up) + after + 1,
    history: before,
    period: { inputs: BLOCKS * block * down, outputs: BLOCKS * block * up },
    run(input, outputs, start = 0) {
      const groups = Math.ceil((outputs * down) / up / (BLOCKS * block))
      const padded = groups * BLOCKS * block + size + 4
      const room = Math.ceil((groups * BLOCKS * block * up) / down) + up
      const [from, to] = kernelMemory.reserveForOne(padded * 4, room * 4)
      fill(kernelMemory.floats32(from, padded), input, start - before)
      run.filterBand(from, groups, to, plan)
      return kernelMemory.floats32(to, outputs)
    },
  }
}

/** `interpolateSamples` by the WebAssembly kernels. The kernels' memory must be this stage's own. */
export function interpolateSamplesFast(stage: InterpolateStage, { run, kernelMemory }: Kernels): RunStage {
  const { step, phases } = stage
  const { side, rows, table } = designInterpolation(stage)
  const taps = 2 * side
  const row = Math.ceil(taps / 4) * 4
  const exact = rows === phases
  const coefficients = put(kernelMemory, inRows(table, { taps, row, order: exact ? orderOfUse(stage) : undefined }))
  return {
    inputsFor: (outputs) => Math.ceil((outputs * step) / phases) + side + 1,
    history: side - 1,
    period: { inputs: step, outputs: phases },
    run(input, outputs, start = 0) {
      const count = Math.ceil(outputs / 4) * 4
      const padded = Math.floor((count * step) / phases) + 3 * side + row
      const [from, to] = kernelMemory.reserveForOne(padded * 4, count * 4)
      fill(kernelMemory.floats32(from, padded), input, start - side + 1)
      if (exact) run.interpolateExactly(from, to, count, step, phases, coefficients, row * 4)
      else run.interpolateBetween(from, to, outputs, step, phases, coefficients, row * 4, rows)
      return kernelMemory.floats32(to, outputs)
    },
  }
}

/** The rows of the table that the outputs of one period take, one after the other. */
function orderOfUse({ step, phases }: InterpolateStage): number[] {
  return Array.from({ length: phases }, (_, output) => (output * step) % phases)
}

type Rows = { readonly taps: number; readonly row: number; readonly order: readonly number[] | undefined }

/** The table's rows in this order (or as they are), each of `taps` made `row` long with zeros. */
function inRows(table: Float64Array, { taps, row, order }: Rows): Float32Array {
  const count = order?.length ?? table.length / taps
  const rows = new Float32Array(count * row)
  for (let place = 0; place < count; place++) {
    const index = order ? order[place] : place
    rows.set(table.subarray(index * taps, (index + 1) * taps), place * row)
  }
  return rows
}

function putDoubles(kernelMemory: KernelMemory, values: readonly number[]): number {
  const address = kernelMemory.reserve(values.length * 8)
  kernelMemory.floats64(address, values.length).set(values)
  return address
}

function put(kernelMemory: KernelMemory, values: ArrayLike<number>): number {
  const address = kernelMemory.reserve(values.length * 4)
  kernelMemory.floats32(address, values.length).set(values)
  return address
}

/** Fills with the input from `first` on, and with zeros where it has nothing. */
function fill(target: Float32Array, input: Samples, first: number): void {
  const before = Math.max(-first, 0)
  const from = Math.max(first, 0)
  const count = Math.max(Math.min(input.length - from, target.length - before), 0)
  target.fill(0, 0, before).fill(0, before + count)
  target.set(input.subarray(from, from + count), before)
}
