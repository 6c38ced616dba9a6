/** A chunk of a RIFF or IFF file: its name and where its content lies. */
export type Chunk = { readonly id: string; readonly start: number; readonly bytes: number }

export function fourCharacters(view: DataView, offset: number): string {
  return String.fromCharCode(
    view.getUint8(offset),
    view.getUint8(offset + 1),
    view.getUint8(offset + 2),
    view.getUint8(offset + 3),
  )
}

/**
 * The chunks after the 12 bytes of the file's header, in order. Content of odd length is followed by a byte of
 * padding. The last chunk may claim more than the file has.
 */
export function* findChunks(view: DataView, littleEndian: boolean): Generator<Chunk> {
  let at = 12
  while (at + 8 <= view.byteLength) {
    const bytes = view.getUint32(at + 4, littleEndian)
    yield { id: fourCharacters(view, at), start: at + 8, bytes }
    at += 8 + bytes + (bytes & 1)
  }
}
