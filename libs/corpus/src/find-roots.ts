import { corpusError } from './errors.ts'
import type { SplitItem } from './split-clips.ts'

/**
 * For each item the original that it descends from: itself, or the last ancestor. A variant whose parent is not among
 * the items is represented by a stand-in with the parent's identity, so that its siblings stay together.
 *
 * @throws SerError SPLIT_DUPLICATE_CLIP when a clip occurs twice, SPLIT_INVALID when a clip is its own ancestor
 */
export function findRoots(items: readonly SplitItem[]): SplitItem[] {
  const bySha = new Map<string, SplitItem>()
  for (const item of items) {
    if (bySha.has(item.sha256)) {
      throw corpusError('SPLIT_DUPLICATE_CLIP', 'a clip is named twice; a split takes distinct clips', {
        clip: item.sha256,
      })
    }
    bySha.set(item.sha256, item)
  }
  const standIns = new Map<string, SplitItem>()
  return items.map((item) => rootOf(item, bySha, standIns))
}

function rootOf(item: SplitItem, bySha: ReadonlyMap<string, SplitItem>, standIns: Map<string, SplitItem>): SplitItem {
  const seen = new Set<string>()
  let root = item
  while (typeof root.parent === 'string') {
    if (seen.has(root.sha256)) throw corpusError('SPLIT_INVALID', 'a clip is its own ancestor', { clip: item.sha256 })
    seen.add(root.sha256)
    const parent = bySha.get(root.parent)
    if (parent === undefined) return standIn(root, root.parent, standIns)
    root = parent
  }
  return root
}

function standIn(variant: SplitItem, parent: string, standIns: Map<string, SplitItem>): SplitItem {
  const known = standIns.get(parent)
  if (known !== undefined) return known
  const made = { ...variant, sha256: parent, parent: null }
  standIns.set(parent, made)
  return made
}
