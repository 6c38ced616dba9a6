import { kaiserSinc } from './kaiser-sinc.ts'
import type { InterpolateStage } from './plan-resampling.ts'
import type { RunStage, Samples } from './run-stage.ts'

// With this many, the straight line between two neighbours is 143 dB from the filter.
const MOST_PHASES = 4096

type InterpolationDesign = {
  /** Input samples on each side of an output's time. */
  readonly side: number
  readonly rows: number
  /** [rows + 1][2 side] */
  readonly table: Float64Array
}

/** A table of the coefficients for all fractions of a sample that occur, or of 4096 with straight lines between them. */
function designInterpolation({ phases, reach, shape }: InterpolateStage): InterpolationDesign {
  const side = Math.ceil(reach)
  const rows = Math.min(phases, MOST_PHASES)
  return { side, rows, table: coefficientTable({ rows, side, reach, response: kaiserSinc(shape) }) }
}

/** Takes samples at times k * step / phases between the input's, each with the coefficients of its own fraction. */
export function interpolateSamples(stage: InterpolateStage): RunStage {
  const { step, phases } = stage
  const { side, rows, table } = designInterpolation(stage)
  const taps = 2 * side
  const exact = rows === phases

  function run(input: Samples, outputs: number, start = 0): Float64Array {
    const output = new Float64Array(outputs)
    const padded = pad(input, start - side, Math.floor(((outputs - 1) * step) / phases) + 3 * side + 1)
    // Time as whole samples and a fraction of `phases`, kept in integers: no drift over hours.
    const wholeStep = Math.floor(step / phases)
    const partStep = step % phases
    for (let k = 0, whole = 0, part = 0; k < outputs; k++) {
      const position = exact ? part : (part * rows) / phases
      const row = Math.floor(position)
      output[k] = dot(padded, whole + 1, table, row * taps, taps)
      if (!exact) {
        const next = dot(padded, whole + 1, table, (row + 1) * taps, taps)
        output[k] += (position - row) * (next - output[k])
      }
      whole += wholeStep
      part += partStep
      if (part >= phases) {
        part -= phases
        whole++
      }
    }
    return output
  }

  return {
    inputsFor: (outputs) => Math.ceil((outputs * step) / phases) + side + 1,
    history: side - 1,
    period: { inputs: step, outputs: phases },
    run,
  }
}

type TableOptions = { rows: number; side: number; reach: number; response: (t: number) => number }

/** One row a fraction of a sample, and one more for the fraction 1; coefficients for the samples -side+1 .. side. */
function coefficientTable({ rows, side, reach, response }: TableOptions): Float64Array {
  const table = new Float64Array((rows + 1) * 2 * side)
  for (let row = 0; row <= rows; row++) {
    for (let tap = 0; tap < 2 * side; tap++) {
      const t = tap - side + 1 - row / rows
      if (Math.abs(t) <= reach) table[row * 2 * side + tap] = response(t)
    }
  }
  return table
}

/** The input's `length` samples from `first` on, zeros where it has none. */
function pad(input: Samples, first: number, length: number): Float64Array {
  const padded = new Float64Array(length)
  const from = Math.max(first, 0)
  padded.set(input.subarray(from, Math.max(first + length, from)), from - first)
  return padded
}

function dot(input: Float64Array, at: number, table: Float64Array, row: number, taps: number): number {
  let sum = 0
  for (let tap = 0; tap < taps; tap++) sum += input[at + tap] * table[row + tap]
  return sum
}
