/** The bytes ended before what was to be read. */
export class EndOfBits extends Error {
  override readonly name = 'EndOfBits'
}

/** Reads numbers bit by bit, most significant first. */
export type BitReader = {
  /** 0 to 32 bits, unsigned. */
  unsigned(bits: number): number
  /** 1 to 33 bits, two's complement. */
  signed(bits: number): number
  /** How many zeros come before the next one; that one is read too. */
  unary(): number
  /** Skips to the next whole byte and returns its offset. */
  align(): number
}

/** @throws EndOfBits from every read when the bytes end */
export function readBits(bytes: Uint8Array, offset: number): BitReader {
  let at = offset
  // Bits of `bytes[at - 1]` that were not read yet.
  let left = 0

  function next(): number {
    if (at >= bytes.length) throw new EndOfBits()
    left = 8
    return bytes[at++]
  }

  function unsigned(bits: number): number {
    let value = 0
    for (let missing = bits; missing > 0;) {
      if (left === 0) next()
      const taken = Math.min(left, missing)
      left -= taken
      missing -= taken
      value = value * 2 ** taken + ((bytes[at - 1] >> left) & ((1 << taken) - 1))
    }
    return value
  }

  function unary(): number {
    let zeros = 0
    for (;;) {
      if (left === 0) next()
      const rest = bytes[at - 1] & ((1 << left) - 1)
      if (rest === 0) {
        zeros += left
        left = 0
      } else {
        const leading = Math.clz32(rest) - (32 - left)
        left -= leading + 1
        return zeros + leading
      }
    }
  }

  return {
    unsigned,
    signed(bits) {
      const value = unsigned(bits)
      return value >= 2 ** (bits - 1) ? value - 2 ** bits : value
    },
    unary,
    align() {
      left = 0
      return at
    },
  }
}
