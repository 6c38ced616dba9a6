import type { Sequences } from './batch-examples.ts'
import { randomBeta, shuffledIndices, type Generator } from './generate-random.ts'

/** Of each recording of a batch: which other one of it is mixed in, and how much is its own. */
export type Mixture = { readonly partners: Uint32Array; readonly shares: Float64Array }

/** Partners by a random order of the batch, shares max(b, 1 - b) with b of Beta(alpha, alpha). */
export function drawMixture(batch: Uint32Array, alpha: number, random: Generator): Mixture {
  const partners = Uint32Array.from(shuffledIndices(batch.length, random), (place) => batch[place])
  const shares = Float64Array.from(batch, () => {
    const share = randomBeta(alpha, alpha, random)
    return Math.max(share, 1 - share)
  })
  return { partners, shares }
}

/** Mixes another batch into one, sequence by sequence, in place. */
export function mixSequences(own: Sequences, other: Sequences, shares: Float64Array): void {
  const [, size, inputs] = own.shape
  for (let at = 0; at < own.values.length; at++) {
    const share = shares[Math.floor(at / inputs) % size]
    own.values[at] = share * own.values[at] + (1 - share) * other.values[at]
  }
}

/**
 * Inverted dropout of inputs, in place. Of frames a value is zero in all of a recording's frames; in the other layouts each value is one
 * of the recording's own.
 */
export function dropInputs(
  { values, shape: [steps, size, inputs] }: Sequences,
  { rate, wholeColumns, random }: { readonly rate: number; readonly wholeColumns: boolean; readonly random: Generator },
): void {
  const kept = () => (random() < rate ? 0 : 1 / (1 - rate))
  const columns = wholeColumns ? Float32Array.from({ length: size * inputs }, kept) : undefined
  for (let at = 0; at < steps * size * inputs; at++) values[at] *= columns?.[at % (size * inputs)] ?? kept()
}

/** A random piece of at least a share of the frames. */
export function drawCrop(
  least: number,
  random: Generator,
): (length: number) => readonly [start: number, length: number] {
  return (length) => {
    const kept = Math.max(1, Math.round((least + (1 - least) * random()) * length))
    return [Math.floor(random() * (length - kept + 1)), kept]
  }
}
