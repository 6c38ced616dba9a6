import {
  manifestKey,
  parseManifest,
  parsePath,
  parseUnlabelledPath,
  type Manifest,
  type PathVerdict,
} from '@ser/corpus'
import type { Layout as LayoutRequest } from '@ser/contracts'
import { requestError } from './errors.ts'
import type { FileRejection } from './inspect-file.ts'
import type { Source, SourceFile } from './source.ts'

/** How the paths of a source get their labels. */
export type Layout = {
  readonly labelOf: (path: string) => PathVerdict
  /** Notes that the source has this path. */
  readonly meet: (path: string) => void
  /** How many recordings the layout itself announces; null where just the source knows. */
  readonly announced: number | null
  /** What the layout asked for and the source did not have, once the whole source was seen. */
  readonly leftovers: () => readonly FileRejection[]
}

/** @throws SerError MANIFEST_MISSING, MANIFEST_TOO_LARGE or MANIFEST_INVALID, bad input */
export async function openLayout(request: LayoutRequest, source: Source, maxManifestBytes: number): Promise<Layout> {
  if (request.kind !== 'manifest') {
    const { kind } = request
    const labelOf = kind === 'unlabelled' ? parseUnlabelledPath : (path: string) => parsePath(kind, path)
    return { labelOf, meet: () => {}, announced: null, leftovers: () => [] }
  }
  const path = manifestKey(request.path)
  const entry = await source.find(path)
  if (entry?.kind !== 'file') {
    const why = entry === undefined ? '' : `: ${entry.message}`
    throw requestError('MANIFEST_MISSING', `the source has no readable manifest ${path}${why}`)
  }
  return manifestLayout(path, parseManifest(await readText(entry, maxManifestBytes)))
}

function manifestLayout(manifestPath: string, { rows, rejections }: Manifest): Layout {
  const byPath = new Map(rows.map((row) => [row.path, row]))
  const badRows = new Map(
    rejections.map((each) => {
      // A row whose path is missing, or good on another line, is known by its line.
      const path = each.path === '' || byPath.has(each.path) ? `${manifestPath}#L${each.line}` : each.path
      return [path, { path, sha256: null, code: each.code, message: each.message }]
    }),
  )
  const missing = new Set(byPath.keys())
  return {
    announced: byPath.size + badRows.size,
    labelOf: (path) => {
      const row = byPath.get(manifestKey(path))
      if (row === undefined) return { kind: 'ignored', reason: 'not in the manifest' }
      const { label, speaker, word, split } = row
      return { kind: 'clip', clip: { label, speaker, word, split } }
    },
    meet: (path) => void missing.delete(manifestKey(path)),
    leftovers: () => [...badRows.values(), ...Array.from(missing, (path) => missingFile(path, byPath.get(path)!.line))],
  }
}

function missingFile(path: string, line: number): FileRejection {
  const message = `line ${line} of the manifest names this file, but the source has none; mind upper and lower case`
  return { path, sha256: null, code: 'missing_file', message }
}

async function readText(file: SourceFile, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of await file.open()) {
    length += chunk.length
    if (length > maxBytes) {
      throw requestError('MANIFEST_TOO_LARGE', `${file.path} is longer than ${maxBytes} bytes; divide the dataset`)
    }
    chunks.push(chunk)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch (error) {
    throw requestError('MANIFEST_INVALID', `${file.path} is not UTF-8; save it as "CSV UTF-8"`, error)
  }
}
