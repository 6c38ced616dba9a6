/** A second-order digital resonator whose frequency may change from sample to sample. */
export type Resonator = {
  /** Sets centre and bandwidth, Hz. */
  readonly tune: (centreHz: number, bandwidthHz: number) => void
  /** Feeds one sample. */
  readonly step: (input: number) => number
}

/**
 * Klatt's resonator, y[n] = A x[n] + B y[n-1] + C y[n-2] with unit gain at 0 Hz ("Software for a cascade/parallel formant
 * synthesizer", 1980, equation 2).
 */
export function createResonator(sampleRate: number): Resonator {
  let a = 1
  let b = 0
  let c = 0
  let last = 0
  let beforeLast = 0
  return {
    tune: (centreHz, bandwidthHz) => {
      c = -Math.exp((-2 * Math.PI * bandwidthHz) / sampleRate)
      b = 2 * Math.exp((-Math.PI * bandwidthHz) / sampleRate) * Math.cos((2 * Math.PI * centreHz) / sampleRate)
      a = 1 - b - c
    },
    step: (input) => {
      const output = a * input + b * last + c * beforeLast
      beforeLast = last
      last = output
      return output
    },
  }
}
