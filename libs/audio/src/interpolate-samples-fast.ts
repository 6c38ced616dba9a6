import type { KernelMemory } from '@ser/kernels'
import { designInterpolation } from './interpolate-samples.ts'
import type { Kernels } from './kernels.ts'
import { padInput } from './pad-input.ts'
import type { InterpolateStage } from './plan-resampling.ts'
import type { RunStage } from './run-stage.ts'

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
      padInput(kernelMemory.floats32(from, padded), input, { before: side - 1, start })
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

function put(kernelMemory: KernelMemory, values: ArrayLike<number>): number {
  const address = kernelMemory.reserve(values.length * 4)
  kernelMemory.floats32(address, values.length).set(values)
  return address
}
