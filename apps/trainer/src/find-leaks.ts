import type { KnownClip } from './join-datasets.ts'

/**
 * Variants in which a recording of another side can be heard, because it was mixed into them: on the training side they would let the
 * model hear what it is tested on, on the test side they would hold what it was trained on. A run does without them.
 *
 * @param sides the clips of each side
 * @param mixedInto the originals that are mixed into variants, besides their own
 */
export function findLeaks(
  sides: readonly (readonly KnownClip[])[],
  mixedInto: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const sideOf = new Map(sides.flatMap((clips, side) => clips.map(({ sha256, parent }) => [parent ?? sha256, side])))
  const leaks = new Set<string>()
  for (const [side, clips] of sides.entries()) {
    for (const { sha256 } of clips) {
      const heard = mixedInto.get(sha256) ?? []
      if (heard.some((root) => (sideOf.get(root) ?? side) !== side)) leaks.add(sha256)
    }
  }
  return leaks
}
