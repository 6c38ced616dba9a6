import { countOutputs, prepareStages } from './resample.ts'
import type { RunStage } from './run-stage.ts'

/** Changes the rate of a recording that comes in blocks. */
export type StreamResampler = {
  /** What can be said after this block, which may have any length. */
  push(block: Float32Array): Float32Array
  /** The rest. Then it is ready for the next recording. */
  finish(): Float32Array
}

// Inputs of one run: more would need memory and save no time.
const MOST_INPUTS = 65_536

/**
 * Makes a resampler for blocks: together they are, bit for bit, what `createResampler` makes of the whole recording.
 * It keeps the filters' length of samples, whatever the recording's (about 0.3 s, or one to three seconds of it
 * where the ratio of the rates is not a simple one), and what it returns lags behind by as much.
 *
 * @throws AudioError `rate_out_of_range`
 */
export function createStreamResampler(fromRate: number, toRate: number): StreamResampler {
  const stages = prepareStages(fromRate, toRate)
  let streams = stages.map(streamStage)
  let inputs = 0
  return {
    push(block) {
      inputs += block.length
      let signal: Float64Array = new Float64Array(block)
      for (const stream of streams) signal = stream.push(signal)
      return new Float32Array(signal)
    },
    finish() {
      const exact = (inputs * toRate) / fromRate
      const counts = countOutputs(stages, exact)
      let signal: Float64Array = new Float64Array(0)
      let given = 0
      streams.forEach((stream, index) => {
        given = stream.given()
        signal = stream.finish(signal, counts[index])
      })
      // librosa's length: one zero more where soxr rounds down.
      const missing = streams.length === 0 ? 0 : Math.ceil(exact) - given
      const rest = new Float32Array(missing)
      rest.set(signal.subarray(0, missing))
      inputs = 0
      streams = stages.map(streamStage)
      return rest
    },
  }
}

type StreamStage = {
  /** Outputs so far. */
  given(): number
  push(input: Float64Array): Float64Array
  /** The outputs that are still missing to `total`. */
  finish(input: Float64Array, total: number): Float64Array
}

/** Runs a stage over whole periods as they become complete. */
function streamStage(stage: RunStage): StreamStage {
  const { period, history } = stage
  const most = Math.max(1, Math.floor(MOST_INPUTS / period.inputs))
  let kept = new Float64Array(0)
  // How many inputs were dropped before `kept`.
  let dropped = 0
  let outputs = 0

  function run(count: number): Float64Array {
    const start = (outputs / period.outputs) * period.inputs
    const result = Float64Array.from(stage.run(kept, count, start - dropped, outputs))
    outputs += count
    const needed = Math.max(start + Math.floor(count / period.outputs) * period.inputs - history, dropped)
    kept = kept.slice(needed - dropped)
    dropped = needed
    return result
  }

  function push(input: Float64Array): Float64Array {
    kept = joined([kept, input])
    const results: Float64Array[] = []
    for (;;) {
      const start = (outputs / period.outputs) * period.inputs
      const complete = dropped + kept.length - start - stage.inputsFor(0)
      const periods = Math.min(Math.floor(complete / period.inputs), most)
      if (periods < 1) return joined(results)
      results.push(run(periods * period.outputs))
    }
  }

  return {
    given: () => outputs,
    push,
    finish(input, total) {
      const last = push(input)
      return joined([last, run(total - outputs)])
    },
  }
}

function joined(parts: readonly Float64Array[]): Float64Array<ArrayBuffer> {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
