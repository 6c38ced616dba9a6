import { findFileName } from './find-file-name.ts'
import type { PathVerdict } from './verdict.ts'

/** The label of recordings that have none: no emotion, so that nothing is trained on them. */
export const UNLABELLED = 'unlabelled'

/**
 * Every recording of a collection without labels, such as noises, room responses and voices that are to be mixed into others.
 *
 * @param path relative to the source's root, divided by `/`
 */
export function parseUnlabelledPath(path: string): PathVerdict {
  const file = findFileName(path)
  if ('kind' in file) return file
  return { kind: 'clip', clip: { label: UNLABELLED, speaker: 'unknown', word: null, split: null } }
}
