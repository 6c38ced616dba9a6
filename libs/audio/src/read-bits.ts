/** The bytes ended before what was to be read. */
export class EndOfBits extends Error {
  override readonly name = 'EndOfBits'
}

/** Reads numbers bit by bit, most significant first. */
export type BitReader = {
  /** 0 to 33 bits, unsigned. */
  unsigned(bits: number): number
  /** 1 to 33 bits, two's complement. */
  signed(bits: number): number
  /** How many zeros come before the next one; that one is read too. */
  unary(): number
  /** Rice codes into `values` from `from` to `to`: a unary quotient, `parameter` (to 30) bits, the sign last. */
  rice(values: Float64Array, from: number, to: number, parameter: number): void
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
    // Shifts are of 32 bits, and the result of a shift is signed.
    if (bits > 24) return unsigned(bits - 16) * 65_536 + unsigned(16)
    let value = 0
    for (let missing = bits; missing > 0;) {
      if (left === 0) next()
      const taken = left < missing ? left : missing
      left -= taken
      missing -= taken
      value = (value << taken) | ((bytes[at - 1] >> left) & ((1 << taken) - 1))
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
    rice(values, from, to, parameter) {
      // Most of a recording passes through here, so the position is kept in the loop's own variables.
      const scale = 2 ** parameter
      let byte = left > 0 ? bytes[at - 1] & ((1 << left) - 1) : 0
      let bitsLeft = left
      let position = at
      for (let i = from; i < to; i++) {
        let quotient = 0
        while (byte === 0) {
          if (position >= bytes.length) throw new EndOfBits()
          quotient += bitsLeft
          byte = bytes[position++]
          bitsLeft = 8
        }
        const leading = Math.clz32(byte) - 32 + bitsLeft
        bitsLeft -= leading + 1
        byte &= (1 << bitsLeft) - 1
        let rest = 0
        for (let missing = parameter; missing > 0;) {
          if (bitsLeft === 0) {
            if (position >= bytes.length) throw new EndOfBits()
            byte = bytes[position++]
            bitsLeft = 8
          }
          const taken = bitsLeft < missing ? bitsLeft : missing
          bitsLeft -= taken
          missing -= taken
          rest = (rest << taken) | (byte >> bitsLeft)
          byte &= (1 << bitsLeft) - 1
        }
        const folded = (quotient + leading) * scale + rest
        // Even ones are positive, odd ones negative.
        values[i] = folded & 1 ? -(folded + 1) / 2 : folded / 2
      }
      at = position
      left = bitsLeft
    },
    align() {
      left = 0
      return at
    },
  }
}
