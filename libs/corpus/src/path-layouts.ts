import { PATH_LAYOUT_NAMES, type PathLayout } from '@ser/contracts'
import { parseCremaDPath } from './parse-crema-d-path.ts'
import { parseEmoDbPath } from './parse-emo-db-path.ts'
import { parseRavdessPath } from './parse-ravdess-path.ts'
import { parseSaveePath } from './parse-savee-path.ts'
import { parseTessPath } from './parse-tess-path.ts'
import { reject, type PathVerdict } from './verdict.ts'

const PARSERS: Readonly<Record<PathLayout, (path: string) => PathVerdict>> = {
  tess: parseTessPath,
  ravdess: parseRavdessPath,
  'emo-db': parseEmoDbPath,
  'crema-d': parseCremaDPath,
  savee: parseSaveePath,
}

/**
 * The label of a recording from its path, as a published corpus names its recordings.
 * @param path relative to the source's root, divided by `/`
 */
export function parsePath(layout: PathLayout, path: string): PathVerdict {
  const verdict = PARSERS[layout](path)
  if (verdict.kind !== 'rejected' || verdict.code !== 'unknown_name') return verdict
  const other = PATH_LAYOUT_NAMES.find((name) => PARSERS[name](path).kind === 'clip')
  if (other === undefined) return verdict
  const name = JSON.stringify(path.split('/').at(-1))
  return reject(
    'unknown_name',
    `${name} is named as the recordings of ${other} are, not those of ${layout}; ingest it with the layout ${other}`,
  )
}
