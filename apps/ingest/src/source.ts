/** A file of a source. `path` is relative to the source's root, divided by `/`. */
export type SourceFile = {
  readonly kind: 'file'
  readonly path: string
  /** Bytes as the listing has them, `undefined` where it does not say. */
  readonly bytes: number | undefined
  /** The content; a file that was read may be read again unless the source is sequential. */
  readonly open: () => Promise<AsyncIterable<Uint8Array>>
}

/** An entry whose content cannot be had, whatever it is; the message says what a person can do. */
export type RefusedEntry = {
  readonly kind: 'refused'
  readonly path: string
  readonly code: string
  readonly message: string
}

export type SourceEntry = SourceFile | RefusedEntry

/** Where the files of a dataset come from. Nothing is held between the calls but what `close` gives back. */
export type Source = {
  /** Each file can be read before the next one is asked for, and not afterwards (tar). */
  readonly sequential: boolean
  /** Every file in an order that is the same each time. */
  readonly entries: () => AsyncIterable<SourceEntry>
  /** The entry of a path, `undefined` when there is none; slow where the source is sequential. */
  readonly find: (path: string) => Promise<SourceEntry | undefined>
  readonly close: () => Promise<void>
}

export function refused(path: string, code: string, message: string): RefusedEntry {
  return { kind: 'refused', path, code, message }
}
