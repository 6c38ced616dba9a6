/** Gives an array of so many samples, whose contents may be anything. */
export type Allocate = (length: number) => Float32Array

// 4 MiB, 48 s at 22050 Hz. What is longer has memory of its own, so that one long recording is not kept for good.
export const MOST_KEPT = 1 << 20

/**
 * Makes an allocator that gives the same memory again: what it gave is valid until it is asked again. Fresh memory of
 * a recording's size comes from the operating system page by page, which costs as much as decoding into it.
 */
export function keepMemory(): Allocate {
  let kept = new Float32Array(0)
  return (length) => {
    if (length > MOST_KEPT) return new Float32Array(length)
    if (kept.length < length) kept = new Float32Array(length)
    return kept.subarray(0, length)
  }
}
