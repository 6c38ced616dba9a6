import { fftTwiddles, type KernelMemory } from '@ser/kernels'
import { designFilter } from './design-filter.ts'
import { designInterpolation } from './interpolate-samples.ts'
import type { Kernels } from './kernels.ts'
import type { FilterStage, InterpolateStage } from './plan-resampling.ts'
import type { RunStage } from './run-stage.ts'

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
  const interleaved = spectra.flatMap(({ re, im }) => Array.from(re).flatMap((value, k) => [value, im[k]]))
  const filters = put(kernelMemory, interleaved)
  const buffers = kernelMemory.reserve(3 * size * 32)
  const plan = kernelMemory.reserve(32)
  kernelMemory.integers(plan, 8).set([size, block, before, up, down, twiddles, filters, buffers])
  return {
    inputsFor: (outputs) => Math.ceil((outputs * down) / up) + after + 1,
    run(input, outputs) {
      const groups = Math.ceil((outputs * down) / up / (BLOCKS * block))
      const padded = groups * BLOCKS * block + size
      const room = Math.ceil((groups * BLOCKS * block * up) / down) + up
      const [from, to] = kernelMemory.reserveForOne(padded * 8, room * 8)
      fill(kernelMemory.floats64(from, padded), input, before)
      run.filterBand(from, groups, to, plan)
      return kernelMemory.floats64(to, outputs)
    },
  }
}

/** `interpolateSamples` by the WebAssembly kernels. The kernels' memory must be this stage's own. */
export function interpolateSamplesFast(stage: InterpolateStage, { run, kernelMemory }: Kernels): RunStage {
  const { step, phases } = stage
  const { side, rows, table } = designInterpolation(stage)
  const taps = 2 * side
  const coefficients = put(kernelMemory, table)
  return {
    inputsFor: (outputs) => Math.ceil((outputs * step) / phases) + side + 1,
    run(input, outputs) {
      const padded = Math.floor((outputs * step) / phases) + 3 * side
      const [from, to] = kernelMemory.reserveForOne(padded * 8, outputs * 8)
      fill(kernelMemory.floats64(from, padded), input, side - 1)
      if (rows === phases) run.interpolateExactly(from, to, outputs, step, phases, coefficients, taps)
      else run.interpolateBetween(from, to, outputs, step, phases, coefficients, taps, rows)
      return kernelMemory.floats64(to, outputs)
    },
  }
}

function put(kernelMemory: KernelMemory, values: ArrayLike<number>): number {
  const address = kernelMemory.reserve(values.length * 8)
  kernelMemory.floats64(address, values.length).set(values)
  return address
}

/** The input with `before` zeros in front and zeros behind, as much of it as there is room for. */
function fill(target: Float64Array, input: Float64Array, before: number): void {
  const count = Math.min(input.length, target.length - before)
  target.fill(0, 0, before).fill(0, before + count)
  target.set(input.subarray(0, count), before)
}
