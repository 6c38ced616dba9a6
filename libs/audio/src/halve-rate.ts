import { padInput } from './pad-input.ts'
import type { HalveStage } from './plan-resampling.ts'
import type { RunStage } from './run-stage.ts'

/**
 * The half-band filters of 4n - 1 taps that libsoxr has: taps at the distances 1, 3, 5 ... from the centre, which is 0.5; all
 * others are zero. They are nearly the optimal ones in Chebyshev's sense for a pass band of a quarter of the rate (136.5 and
 * 152.3 dB; the band's edge is 1e-6 off) in float32; infra/adr/0021 tells how they were measured.
 */
const HALF_BANDS: Readonly<Record<HalveStage['pairs'], readonly number[]>> = {
  8: [
    0.31154653429985046, -0.08734491467475891, 0.036814458668231964, -0.01518920436501503, 0.0054540857672691345,
    -0.0015643863007426262, 0.00031816575210541487, -0.00003479945007711649,
  ],
  9: [
    0.3122703433036804, -0.0892215147614479, 0.039139702916145325, -0.017250558361411095, 0.006858943961560726,
    -0.002304504858329892, 0.0006096374127082527, -0.00011323804210405797, 0.00001119776970881503,
  ],
}

/**
 * Halves the rate with a half-band filter, in float32 and libsoxr's order of operations: four sums of every fourth pair of
 * taps. What aliases between the bands is removed by the stage that follows.
 */
export function halveRate({ pairs }: HalveStage): RunStage {
  const taps = new Float32Array(Math.ceil(pairs / 4) * 4)
  taps.set(HALF_BANDS[pairs])
  const reach = 2 * taps.length - 1
  return {
    inputsFor: (outputs) => outputs * 2 + reach,
    history: reach,
    period: { inputs: 2, outputs: 1 },
    run(input, outputs, start = 0) {
      const padded = new Float32Array(2 * (outputs + reach))
      padInput(padded, input, { before: reach, start })
      const halved = new Float32Array(outputs)
      for (let k = 0; k < outputs; k++) halved[k] = filterAt(padded, reach + 2 * k, taps)
      return halved
    },
  }
}

function filterAt(samples: Float32Array, centre: number, taps: Float32Array): number {
  let a = Math.fround(0.5 * samples[centre])
  let b = 0
  let c = 0
  let d = 0
  let before = centre - 1
  let after = centre + 1
  for (let pair = 0; pair < taps.length; pair += 4, before -= 8, after += 8) {
    a = Math.fround(a + Math.fround(taps[pair] * Math.fround(samples[before] + samples[after])))
    b = Math.fround(b + Math.fround(taps[pair + 1] * Math.fround(samples[before - 2] + samples[after + 2])))
    c = Math.fround(c + Math.fround(taps[pair + 2] * Math.fround(samples[before - 4] + samples[after + 4])))
    d = Math.fround(d + Math.fround(taps[pair + 3] * Math.fround(samples[before - 6] + samples[after + 6])))
  }
  return Math.fround(a + c) + Math.fround(b + d)
}
