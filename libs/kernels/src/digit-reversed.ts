/**
 * The order in which a transform of `size` numbers (a power of two) by decimation in frequency leaves the frequencies:
 * at place i lies frequency `digitReversed(size)[i]`. Radix 4, with radix 2 at last where the size asks for it.
 */
export function digitReversed(size: number): number[] {
  if (size < 4) return Array.from({ length: size }, (_, k) => k)
  const quarter = digitReversed(size / 4)
  return [0, 1, 2, 3].flatMap((part) => quarter.map((k) => 4 * k + part))
}
