/** Root mean square; 0 for no samples. */
export function rms(samples: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < samples.length; i++) sum += samples[i] * samples[i]
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length)
}

/** The largest magnitude; 0 for no samples. */
export function peak(samples: ArrayLike<number>): number {
  let largest = 0
  for (let i = 0; i < samples.length; i++) largest = Math.max(largest, Math.abs(samples[i]))
  return largest
}

/** The factor on amplitudes that a gain in dB stands for: 20 dB is 10. */
export function amplitudeOfDb(db: number): number {
  return 10 ** (db / 20)
}

/** Amplitude ratio in dB; -Infinity for 0. */
export function dbOfAmplitude(amplitude: number): number {
  return 20 * Math.log10(amplitude)
}

/** A copy multiplied by a factor, rounded to single precision. */
export function scaled(samples: ArrayLike<number>, factor: number): Float32Array {
  const output = new Float32Array(samples.length)
  for (let i = 0; i < output.length; i++) output[i] = samples[i] * factor
  return output
}

/** A copy at the RMS of `reference`; unscaled where either is silent. */
export function atLevelOf(reference: ArrayLike<number>, samples: ArrayLike<number>): Float32Array {
  const wanted = rms(reference)
  const present = rms(samples)
  return scaled(samples, wanted > 0 && present > 0 ? wanted / present : 1)
}

/**
 * The value below which `percent` of the samples lie, interpolated linearly as NumPy's `percentile` does.
 * @param sorted ascending, not empty.
 */
export function percentileOfSorted(sorted: Float32Array, percent: number): number {
  const position = ((sorted.length - 1) * percent) / 100
  const below = Math.floor(position)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below] + (sorted[above] - sorted[below]) * (position - below)
}
