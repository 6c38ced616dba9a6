import { ignoreReason } from './ignore-file.ts'
import type { PathVerdict } from './verdict.ts'

// What corpora lay beside their recordings: lists, ratings, transcripts, label tracks, scripts and pictures.
const COMPANIONS = /\.(?:txt|csv|tsv|md|pdf|html?|json|xml|r|py|m|lablaut|labsilb|png|jpe?g|gif)$/i

export type FileName = {
  readonly name: string
  /** The folder that it lies in; undefined at the source's root. */
  readonly folder: string | undefined
}

/** The last two parts of a path, or the verdict when the file is nobody's recording. */
export function findFileName(path: string): FileName | Extract<PathVerdict, { kind: 'ignored' }> {
  const reason = ignoreReason(path) ?? (COMPANIONS.test(path) ? 'document of the corpus' : undefined)
  if (reason !== undefined) return { kind: 'ignored', reason }
  const parts = path.split('/')
  return { name: parts.at(-1)!, folder: parts.at(-2) }
}
