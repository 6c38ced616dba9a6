import { contentHash } from '@ser/contracts'

/** A seed in [0, 2^32) for one thing out of many: the same parts give the same seed, others an unrelated one. */
export function seedFrom(...parts: readonly (string | number)[]): number {
  return Number.parseInt(contentHash(parts).slice(0, 8), 16)
}
