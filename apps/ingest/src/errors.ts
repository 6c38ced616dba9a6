import { SerError } from '@ser/contracts'

export type IngestErrorCode =
  | 'SOURCE_OUTSIDE_ROOTS'
  | 'SOURCE_MISSING'
  | 'SOURCE_DENIED'
  | 'SOURCE_EMPTY'
  | 'SOURCE_NOT_FOLDER'
  | 'SOURCE_NOT_FILE'
  | 'ARCHIVE_UNKNOWN'
  | 'ARCHIVE_DAMAGED'
  | 'MANIFEST_MISSING'
  | 'MANIFEST_INVALID'
  | 'MANIFEST_TOO_LARGE'

/** A request that cannot be served as it stands: the ingestion fails with this reason and is not tried again. */
export function requestError(code: IngestErrorCode, message: string, cause?: unknown): SerError {
  return new SerError(code, message, cause === undefined ? { kind: 'bad-input' } : { kind: 'bad-input', cause })
}

/** Content that proves to be damaged while it is read: the file is rejected, and the others go on. */
export class DamagedEntryError extends Error {
  override readonly name = 'DamagedEntryError'
  readonly code = 'damaged_entry'
  readonly kind = 'bad-input'
}

/** The code of an error of Node's, `''` when it has none. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
