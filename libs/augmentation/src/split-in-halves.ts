/** Which half of a collection of recordings is meant: what trains must not be what evaluates. */
export const RESOURCE_HALVES = ['train', 'evaluation'] as const
export type ResourceHalf = (typeof RESOURCE_HALVES)[number]

/**
 * The half in which a recording lies, by the last bit of its content's hash: it does not change when others are added or taken away, and
 * a copy under another name lies in the same half.
 *
 * @param sha256 64 hexadecimal digits
 */
export function halfOf(sha256: string): ResourceHalf {
  return Number.parseInt(sha256.slice(-1), 16) % 2 === 0 ? 'train' : 'evaluation'
}
