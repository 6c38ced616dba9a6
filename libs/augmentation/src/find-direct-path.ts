/** A response starts where it first comes within 20 dB of its maximum (ISO 3382-1). */
const ONSET_FRACTION = 0.1
const DIRECT_WINDOW_SECONDS = 0.0025

/**
 * The index of the direct sound in a room impulse response: the largest magnitude within 2.5 ms after the response's start, so that a
 * stronger late reflection is not taken for it. 0 for silence.
 */
export function findDirectPath(response: ArrayLike<number>, sampleRate: number): number {
  let largest = 0
  for (let i = 0; i < response.length; i++) largest = Math.max(largest, Math.abs(response[i]))
  if (largest === 0) return 0
  let onset = 0
  while (Math.abs(response[onset]) < ONSET_FRACTION * largest) onset++
  const end = Math.min(response.length, onset + Math.ceil(DIRECT_WINDOW_SECONDS * sampleRate))
  let direct = onset
  for (let i = onset; i < end; i++) if (Math.abs(response[i]) > Math.abs(response[direct])) direct = i
  return direct
}
