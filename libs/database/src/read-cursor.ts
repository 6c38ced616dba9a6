import { SerError } from '@ser/contracts'

/** Where a page ended, as text that callers hand back and need not understand: base64url of a JSON array. */
export function writeCursor(keys: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(keys)).toString('base64url')
}

/**
 * The keys in a cursor, one of the type named for each place.
 *
 * @throws SerError CURSOR_INVALID (bad input) for a text that `writeCursor` did not make for this list.
 */
export function readCursor(cursor: string, types: readonly ('string' | 'number')[]): (string | number)[] {
  const keys = parse(cursor)
  const fits =
    Array.isArray(keys) &&
    keys.length === types.length &&
    // Postgres knows no NUL.
    keys.every((key, at) => typeof key === types[at] && !String(key).includes('\0'))
  if (!fits) {
    throw new SerError(
      'CURSOR_INVALID',
      'the cursor is not one that this list gave; ask for the first page without it',
      {
        kind: 'bad-input',
      },
    )
  }
  return keys
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return undefined
  }
}
