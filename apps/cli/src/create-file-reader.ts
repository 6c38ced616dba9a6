import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs'

// Longer files have memory of their own, so that it is not kept for good.
const MOST_KEPT_BYTES = 1 << 22
// Copies between addresses that are equal but for a multiple of 4096 take four times as long, and files' pages begin at one.
const OFF_THE_PAGE = 2048

/**
 * Makes a reader of whole files, whose bytes are valid until the next is read. For worker threads: it waits, which costs a
 * tenth of the processor time of reading through promises, and fresh memory for every recording costs as much as the copy.
 */
export function createFileReader(): (path: string) => Uint8Array {
  let kept: Uint8Array | undefined
  return (path) => {
    const file = openSync(path, 'r')
    try {
      const { size } = fstatSync(file)
      // What is no file of the disk does not say its size.
      if (size === 0 || size > MOST_KEPT_BYTES) return readFileSync(file)
      kept ??= Buffer.allocUnsafeSlow(OFF_THE_PAGE + MOST_KEPT_BYTES).subarray(OFF_THE_PAGE)
      let length = 0
      for (let read = -1; read !== 0 && length < size; length += read)
        read = readSync(file, kept, length, size - length, null)
      return kept.subarray(0, length)
    } finally {
      closeSync(file)
    }
  }
}
