import { requireRange } from './errors.ts'

/** One second-order section, a0 normalised to 1: y = b0 x + b1 x[-1] + b2 x[-2] - a1 y[-1] - a2 y[-2]. */
export type Biquad = {
  readonly b0: number
  readonly b1: number
  readonly b2: number
  readonly a1: number
  readonly a2: number
}

/** Where a filter sits in the band. Above 0.49 of the sample rate the cookbook's formulas degenerate. */
export const HIGHEST_FRACTION = 0.49

function normalised(b: readonly [number, number, number], a: readonly [number, number, number]): Biquad {
  return { b0: b[0] / a[0], b1: b[1] / a[0], b2: b[2] / a[0], a1: a[1] / a[0], a2: a[2] / a[0] }
}

function angleOf(hz: number, sampleRate: number): { cos: number; sin: number } {
  requireRange('frequency in Hz', hz, Number.MIN_VALUE, HIGHEST_FRACTION * sampleRate)
  const angle = (2 * Math.PI * hz) / sampleRate
  return { cos: Math.cos(angle), sin: Math.sin(angle) }
}

// Formulas: R. Bristow-Johnson, Audio EQ Cookbook (W3C Working Group Note, 2021).

/** Low pass, 12 dB per octave. */
export function designLowPass(cutoffHz: number, q: number, sampleRate: number): Biquad {
  const { cos, sin } = angleOf(cutoffHz, sampleRate)
  const alpha = sin / (2 * q)
  return normalised([(1 - cos) / 2, 1 - cos, (1 - cos) / 2], [1 + alpha, -2 * cos, 1 - alpha])
}

/** High pass, 12 dB per octave. */
export function designHighPass(cutoffHz: number, q: number, sampleRate: number): Biquad {
  const { cos, sin } = angleOf(cutoffHz, sampleRate)
  const alpha = sin / (2 * q)
  return normalised([(1 + cos) / 2, -1 - cos, (1 + cos) / 2], [1 + alpha, -2 * cos, 1 - alpha])
}

/** A bell of `gainDb` at its centre. */
export function designPeaking(centerHz: number, gainDb: number, q: number, sampleRate: number): Biquad {
  const { cos, sin } = angleOf(centerHz, sampleRate)
  const alpha = sin / (2 * q)
  const a = 10 ** (gainDb / 40)
  return normalised([1 + alpha * a, -2 * cos, 1 - alpha * a], [1 + alpha / a, -2 * cos, 1 - alpha / a])
}

/** `gainDb` below the centre, half of it (in dB) there, nothing above. */
export function designLowShelf(centerHz: number, gainDb: number, q: number, sampleRate: number): Biquad {
  const { cos, sin } = angleOf(centerHz, sampleRate)
  const a = 10 ** (gainDb / 40)
  const slope = 2 * Math.sqrt(a) * (sin / (2 * q))
  return normalised(
    [a * (a + 1 - (a - 1) * cos + slope), 2 * a * (a - 1 - (a + 1) * cos), a * (a + 1 - (a - 1) * cos - slope)],
    [a + 1 + (a - 1) * cos + slope, -2 * (a - 1 + (a + 1) * cos), a + 1 + (a - 1) * cos - slope],
  )
}

/** `gainDb` above the centre, half of it (in dB) there, nothing below. */
export function designHighShelf(centerHz: number, gainDb: number, q: number, sampleRate: number): Biquad {
  const { cos, sin } = angleOf(centerHz, sampleRate)
  const a = 10 ** (gainDb / 40)
  const slope = 2 * Math.sqrt(a) * (sin / (2 * q))
  return normalised(
    [a * (a + 1 + (a - 1) * cos + slope), -2 * a * (a - 1 + (a + 1) * cos), a * (a + 1 + (a - 1) * cos - slope)],
    [a + 1 - (a - 1) * cos + slope, 2 * (a - 1 - (a + 1) * cos), a + 1 - (a - 1) * cos - slope],
  )
}

/** Runs samples through sections one after the other, from rest, in double precision. */
export function runBiquads(samples: Float32Array, sections: readonly Biquad[]): Float32Array {
  const work = new Float64Array(samples)
  for (const { b0, b1, b2, a1, a2 } of sections) {
    // Transposed direct form II.
    let z1 = 0
    let z2 = 0
    for (let i = 0; i < work.length; i++) {
      const x = work[i]
      const y = b0 * x + z1
      z1 = b1 * x - a1 * y + z2
      z2 = b2 * x - a2 * y
      work[i] = y
    }
  }
  return new Float32Array(work)
}

/** The gain in dB of a cascade at a frequency. */
export function gainDbAt(sections: readonly Biquad[], hz: number, sampleRate: number): number {
  const w = (2 * Math.PI * hz) / sampleRate
  let power = 1
  for (const { b0, b1, b2, a1, a2 } of sections) {
    const numerator =
      (b0 + b1 * Math.cos(w) + b2 * Math.cos(2 * w)) ** 2 + (b1 * Math.sin(w) + b2 * Math.sin(2 * w)) ** 2
    const denominator =
      (1 + a1 * Math.cos(w) + a2 * Math.cos(2 * w)) ** 2 + (a1 * Math.sin(w) + a2 * Math.sin(2 * w)) ** 2
    power *= numerator / denominator
  }
  return 10 * Math.log10(power)
}
