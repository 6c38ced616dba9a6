import type { SeededRandom } from './random.ts'

const SEAM_SECONDS = 0.01

/**
 * A stretch of `length` samples of a recording from a random place on. A longer recording is cropped; a shorter one is repeated, its end
 * faded into its beginning over 10 ms so that the seam does not click.
 * @param recording not empty.
 */
export function loopRecording(
  recording: Float32Array,
  length: number,
  sampleRate: number,
  random: SeededRandom,
): Float32Array {
  if (recording.length >= length) {
    const start = random.integer(0, recording.length - length)
    return recording.slice(start, start + length)
  }
  const seam = Math.min(Math.round(SEAM_SECONDS * sampleRate), Math.floor(recording.length / 2))
  const period = recording.length - seam
  // Amplitudes of unrelated sounds add in power, so the fades are the roots of a pair that sums to one.
  const loop = recording.slice(0, period)
  for (let i = 0; i < seam; i++) {
    const fade = (i + 0.5) / seam
    loop[i] = Math.sqrt(fade) * recording[i] + Math.sqrt(1 - fade) * recording[i + period]
  }
  const start = random.integer(0, period - 1)
  const output = new Float32Array(length)
  output.set(loop.subarray(start, start + length))
  for (let at = period - start; at < length; at += period) output.set(loop.subarray(0, length - at), at)
  return output
}
