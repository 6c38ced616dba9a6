import type { PathLayout } from '@ser/contracts'
import { parseCremaDPath } from './parse-crema-d-path.ts'
import { parseEmoDbPath } from './parse-emo-db-path.ts'
import { parseRavdessPath } from './parse-ravdess-path.ts'
import { parseSaveePath } from './parse-savee-path.ts'
import { parseTessPath } from './parse-tess-path.ts'
import type { PathVerdict } from './verdict.ts'

/** How each published corpus that names its recordings by label is read. */
export const PATH_LAYOUTS: Readonly<Record<PathLayout, (path: string) => PathVerdict>> = {
  tess: parseTessPath,
  ravdess: parseRavdessPath,
  'emo-db': parseEmoDbPath,
  'crema-d': parseCremaDPath,
  savee: parseSaveePath,
}
