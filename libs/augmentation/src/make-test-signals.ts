import { createRandom } from './random.ts'

// Signals for the tests beside this file; no part of the library.

export function sine(hz: number, seconds: number, sampleRate: number, amplitude = 0.5): Float32Array {
  return Float32Array.from(
    { length: Math.round(seconds * sampleRate) },
    (_, i) => amplitude * Math.sin((2 * Math.PI * hz * i) / sampleRate),
  )
}

export function whiteNoise(length: number, seed: number, deviation = 0.1): Float32Array {
  const random = createRandom(seed)
  return Float32Array.from({ length }, () => random.normal(0, deviation))
}

/** A voice-like signal: pulses at a pitch through resonances, loud and soft in turn. */
export function voice(
  pitchHz: number,
  formantsHz: readonly number[],
  seconds: number,
  sampleRate: number,
): Float32Array {
  const output = new Float64Array(Math.round(seconds * sampleRate))
  for (let at = 0; at < output.length; at += sampleRate / pitchHz) output[Math.floor(at)] = 1
  for (const hz of formantsHz) {
    const radius = Math.exp((-Math.PI * 120) / sampleRate)
    const feedback = 2 * radius * Math.cos((2 * Math.PI * hz) / sampleRate)
    let y1 = 0
    let y2 = 0
    for (let i = 0; i < output.length; i++) {
      const y = output[i] + feedback * y1 - radius * radius * y2
      y2 = y1
      y1 = y
      output[i] = y
    }
  }
  const largest = output.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return Float32Array.from(output, (value, i) => {
    const loudness = 0.55 + 0.45 * Math.sin((2 * Math.PI * 3 * i) / sampleRate)
    return (0.5 * loudness * value) / largest
  })
}

/** The power of a signal at a frequency, by correlation with a sine and a cosine (Hann window). */
export function powerAt(samples: ArrayLike<number>, hz: number, sampleRate: number): number {
  let re = 0
  let im = 0
  for (let i = 0; i < samples.length; i++) {
    const value = samples[i] * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / samples.length))
    re += value * Math.cos((2 * Math.PI * hz * i) / sampleRate)
    im += value * Math.sin((2 * Math.PI * hz * i) / sampleRate)
  }
  return (16 * (re * re + im * im)) / (2 * samples.length * samples.length)
}

/** The frequency between two others at which a signal is strongest, in steps of `stepHz`. */
export function strongestHz(
  samples: ArrayLike<number>,
  sampleRate: number,
  { from, to, stepHz }: { from: number; to: number; stepHz: number },
): number {
  let best = from
  let most = -1
  for (let hz = from; hz <= to; hz += stepHz) {
    const power = powerAt(samples, hz, sampleRate)
    if (power > most) [best, most] = [hz, power]
  }
  return best
}

/** The largest distance between two signals; Infinity where their lengths differ. One assertion on it is far faster than one a sample. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity
  let largest = 0
  for (let i = 0; i < a.length; i++) {
    // Not Math.max: NaN must not pass as equal.
    if (!(Math.abs(a[i] - b[i]) <= largest)) largest = Math.abs(a[i] - b[i])
  }
  return largest
}
