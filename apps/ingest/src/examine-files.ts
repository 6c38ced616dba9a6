import type { ClipLabel } from '@ser/corpus'
import { inspectFile, type FileRejection, type Recording } from './inspect-file.ts'
import { mapInOrder } from './map-in-order.ts'
import type { Layout } from './open-layout.ts'
import type { Source, SourceEntry } from './source.ts'

/** A recording with its label, and where it lies. */
export type LabelledRecording = Recording & ClipLabel & { readonly path: string }

export type ExaminedFile =
  | { readonly kind: 'recording'; readonly file: LabelledRecording }
  | { readonly kind: 'rejected'; readonly rejection: FileRejection }

export type ExamineOptions = {
  readonly atOnce: number
  /** Bytes held at once. */
  readonly budgetBytes: number
  readonly maxFileBytes: number
  readonly onIgnored: () => void
}

/** Labels, reads, hashes and probes the files of a source, in their order; what is no recording by name is passed over. */
export function examineFiles(
  source: Source,
  layout: Layout,
  options: ExamineOptions,
): AsyncGenerator<ExaminedFile, void, undefined> {
  return mapInOrder(
    relevantEntries(source, layout, options.onIgnored),
    (entry) => examine(entry, layout, options.maxFileBytes),
    {
      most: options.atOnce,
      budget: options.budgetBytes,
      weigh: (entry) => weigh(entry, options.maxFileBytes),
      sequential: source.sequential,
    },
  )
}

/** How many files of a source count, without reading any. */
export async function countFiles(source: Source, layout: Layout): Promise<number> {
  let count = 0
  for await (const { path } of source.entries()) if (layout.labelOf(path).kind !== 'ignored') count++
  return count
}

async function* relevantEntries(
  source: Source,
  layout: Layout,
  onIgnored: () => void,
): AsyncGenerator<SourceEntry, void, undefined> {
  for await (const entry of source.entries()) {
    if (layout.labelOf(entry.path).kind === 'ignored') onIgnored()
    else yield entry
  }
}

async function examine(entry: SourceEntry, layout: Layout, maxFileBytes: number): Promise<ExaminedFile> {
  const { path } = entry
  layout.meet(path)
  if (entry.kind === 'refused') return reject({ path, sha256: null, code: entry.code, message: entry.message })
  const verdict = layout.labelOf(path)
  if (verdict.kind === 'rejected') return reject({ path, sha256: null, code: verdict.code, message: verdict.message })
  if (verdict.kind === 'ignored') throw new TypeError(`${path} was to be passed over`)
  const found = await inspectFile(entry, maxFileBytes)
  return 'code' in found ? reject(found) : { kind: 'recording', file: { ...found, ...verdict.clip, path } }
}

function reject(rejection: FileRejection): ExaminedFile {
  return { kind: 'rejected', rejection }
}

/** What a file will hold of memory: nothing when it will not be read, the most allowed when its length is not known. */
function weigh(entry: SourceEntry, maxFileBytes: number): number {
  if (entry.kind === 'refused') return 0
  const bytes = entry.bytes ?? maxFileBytes
  return bytes > maxFileBytes ? 0 : bytes
}
