import { findOtherLabels, type OtherLabel, type Queryable } from '@ser/database'
import type { LabelledRecording } from './examine-files.ts'
import { inspectFile, type FileRejection } from './inspect-file.ts'
import type { Layout } from './open-layout.ts'
import type { Source } from './source.ts'

export type ConflictDeps = {
  readonly db: Queryable
  readonly datasetId: number
  readonly source: Source
  readonly layout: Layout
  /** Everything in the dataset came from this source, so what the source no longer says no longer holds. */
  readonly onlySource: boolean
  readonly maxFileBytes: number
}

export type Settlement = {
  readonly accepted: readonly LabelledRecording[]
  readonly rejected: readonly FileRejection[]
  /** Registered paths that no longer hold what they did. */
  readonly superseded: readonly string[]
}

/**
 * A recording has one label in a dataset: of two paths that give the same bytes different labels, the one that was
 * registered first counts, and the later is rejected. What was registered counts only while the source still has it so:
 * a file that was moved to its right folder is no conflict.
 */
export async function settleConflicts(files: readonly LabelledRecording[], deps: ConflictDeps): Promise<Settlement> {
  const registered = await findOtherLabels(deps.db, deps.datasetId, files)
  const byPath = new Map(files.map((file) => [file.path, file]))
  const claims = new Map<string, LabelledRecording>()
  const accepted: LabelledRecording[] = []
  const rejected: FileRejection[] = []
  const superseded: string[] = []
  for (const file of files) {
    const { holding, outdated } = await sift(registered, file, byPath, deps)
    superseded.push(...outdated)
    const claim = claims.get(file.sha256)
    const rival = holding ?? (claim?.label === file.label ? undefined : claim)
    if (rival !== undefined) rejected.push(conflict(file, rival))
    else {
      claims.set(file.sha256, claim ?? file)
      accepted.push(file)
    }
  }
  return { accepted, rejected, superseded }
}

async function sift(
  others: readonly OtherLabel[],
  file: LabelledRecording,
  byPath: ReadonlyMap<string, LabelledRecording>,
  deps: ConflictDeps,
): Promise<{ holding: OtherLabel | undefined; outdated: string[] }> {
  const outdated: string[] = []
  for (const other of others) {
    if (other.sha256 !== file.sha256 || other.path === file.path || other.label === file.label) continue
    if (await stillHolds(other, byPath.get(other.path), deps)) return { holding: other, outdated }
    outdated.push(other.path)
  }
  return { holding: undefined, outdated }
}

async function stillHolds(
  other: OtherLabel,
  now: LabelledRecording | undefined,
  { source, layout, onlySource, maxFileBytes }: ConflictDeps,
): Promise<boolean> {
  if (now !== undefined) return now.sha256 === other.sha256 && now.label === other.label
  // A tar cannot be asked without reading it again, and what another source says is not to be judged by this one.
  if (source.sequential || !onlySource) return true
  const verdict = layout.labelOf(other.path)
  if (verdict.kind !== 'clip' || verdict.clip.label !== other.label) return false
  const entry = await source.find(other.path)
  if (entry?.kind !== 'file') return false
  const found = await inspectFile(entry, maxFileBytes)
  return found.sha256 === other.sha256
}

function conflict(file: LabelledRecording, rival: { readonly path: string; readonly label: string }): FileRejection {
  return {
    path: file.path,
    sha256: file.sha256,
    code: 'conflicting_label',
    message: `the same bytes are ${rival.label} at ${rival.path} and ${file.label} here; remove the wrong one`,
  }
}
