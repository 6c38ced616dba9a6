import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { emotionIndex, EMOTIONS, type PathLayout } from '@ser/contracts'
import { parsePath, type SplitItem } from '@ser/corpus'

export type Recording = SplitItem & {
  readonly path: string
  readonly dataset: string
  readonly datasets: readonly string[]
  /** Its index in EMOTIONS. */
  readonly emotion: number
}

/**
 * The recordings of a corpus by its published layout, each content once. What has none of the seven emotions (RAVDESS's calm) is
 * left out, as a training run leaves it out that does not say what it counts as.
 */
export async function readRecordings(folder: string, dataset: PathLayout): Promise<Recording[]> {
  const found = new Map<string, Recording>()
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  for (const path of paths.toSorted()) {
    const verdict = parsePath(dataset, relative(folder, path).replaceAll('\\', '/'))
    if (verdict.kind !== 'clip') continue
    const { clip } = verdict
    const label = EMOTIONS.find((emotion) => emotion === clip.label)
    if (label === undefined) continue
    const sha256 = createHash('sha256')
      .update(await readFile(path))
      .digest('hex')
    if (found.has(sha256)) continue
    found.set(sha256, { ...clip, sha256, path, dataset, datasets: [dataset], emotion: emotionIndex(label) })
  }
  if (found.size === 0) throw new Error(`no recording of ${dataset} in ${folder}`)
  return [...found.values()]
}
