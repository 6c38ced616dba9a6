import { kaiserSinc } from './kaiser-sinc.ts'
import type { RunStage } from './resample.ts'

// Every second tap of a half-band filter is zero. Flat to a quarter of the rate's half, 160 dB down from three
// quarters on: between them lies only what the next stage removes.
const PAIRS = 12
const BETA = 17

/** Halves the rate. libsoxr's own half-band filter differs by less than 150 dB below full scale. */
export function halveRate(): RunStage {
  const half = 2 * PAIRS
  const response = kaiserSinc({ cutoff: 0.5, beta: BETA, half })
  const taps = Float64Array.from({ length: PAIRS }, (_, pair) => response(2 * pair + 1))
  // A gain of exactly one at 0 Hz: the taps on both sides add up to the other half.
  const sum = taps.reduce((total, tap) => total + tap, 0)
  const scale = 0.25 / sum
  return {
    inputsFor: (outputs) => outputs * 2 + half,
    run(input, outputs) {
      const output = new Float64Array(outputs)
      const at = (i: number): number => (i >= 0 && i < input.length ? input[i] : 0)
      for (let k = 0; k < outputs; k++) {
        const centre = 2 * k
        let value = 0
        for (let pair = 0; pair < PAIRS; pair++) {
          const reach = 2 * pair + 1
          value += taps[pair] * (at(centre - reach) + at(centre + reach))
        }
        output[k] = 0.5 * at(centre) + scale * value
      }
      return output
    },
  }
}
