import { requireRange, requireSampleRate } from './errors.ts'

export type ShiftParams = {
  /** Positive is later. */
  readonly shiftSeconds: number
  /** Bring what leaves at one end in at the other (default false: silence comes in). */
  readonly rollover?: boolean | undefined
  /** A fade at each new edge, so that it does not click (default 0.005). */
  readonly fadeSeconds?: number | undefined
}

/**
 * Shifts a recording in time (audiomentations' Shift with `shift_unit="seconds"`; there `rollover` is the default).
 * @returns as many samples; a shift of less than half a sample gives the input.
 */
export function shift(
  samples: Float32Array,
  sampleRate: number,
  { shiftSeconds, rollover = false, fadeSeconds = 0.005 }: ShiftParams,
): Float32Array {
  requireSampleRate(sampleRate)
  requireRange('shiftSeconds', shiftSeconds, -3600, 3600)
  requireRange('fadeSeconds', fadeSeconds, 0, 1)
  const places = Math.round(shiftSeconds * sampleRate)
  const { length } = samples
  const output = new Float32Array(length)
  if (length === 0) return output
  if (!rollover) {
    if (places >= 0) output.set(samples.subarray(0, Math.max(0, length - places)), Math.min(places, length))
    else output.set(samples.subarray(Math.min(-places, length)))
  } else {
    const start = ((places % length) + length) % length
    output.set(samples.subarray(0, length - start), start)
    output.set(samples.subarray(length - start), 0)
  }
  if (places !== 0) fadeAround(output, places > 0 ? places : length + places, Math.round(fadeSeconds * sampleRate))
  return output
}

/** Fades out towards `seam` and in from it, on raised cosines. A seam outside the recording changes nothing. */
function fadeAround(samples: Float32Array, seam: number, fade: number): void {
  if (seam <= 0 || seam >= samples.length) return
  for (let i = 0; i < fade; i++) {
    const factor = 0.5 - 0.5 * Math.cos((Math.PI * (i + 0.5)) / fade)
    if (seam + i < samples.length) samples[seam + i] *= factor
    if (seam - 1 - i >= 0) samples[seam - 1 - i] *= factor
  }
}
