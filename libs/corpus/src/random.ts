/** A seeded generator of random numbers; the same seed gives the same numbers on every machine. */
export type Random = {
  /** An integer in [0, 2^32). */
  readonly nextUint32: () => number
  /** A number in [0, 1) with 32 random bits. */
  readonly next: () => number
  /** A number in [low, high). */
  readonly between: (low: number, high: number) => number
  /** An integer in [0, bound), every one as likely as the other. */
  readonly below: (bound: number) => number
  /** A number from the standard normal distribution. */
  readonly normal: () => number
}

/**
 * xoshiro128** 1.1 (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021), its four words
 * filled by splitmix64 from the seed as its authors recommend. Period 2^128 - 1; not for secrets.
 *
 * @param seed an integer in [0, 2^53)
 */
export function createRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError(`a seed is an integer in [0, 2^53), got ${seed}`)
  return fromState(seedWords(seed))
}

/** The generator from four words of state, not all zero; for tests against the reference implementation. */
export function fromState(words: readonly [number, number, number, number]): Random {
  const state = Uint32Array.from(words)
  const nextUint32 = () => xoshiro128StarStar(state)
  const next = () => nextUint32() / 2 ** 32
  return {
    nextUint32,
    next,
    between: (low, high) => low + (high - low) * next(),
    below: (bound) => uniformBelow(bound, nextUint32),
    normal: () => standardNormal(next),
  }
}

/** splitmix64 (Steele, Lea and Flood, 2014), two outputs as four words, low half first. */
export function seedWords(seed: number): [number, number, number, number] {
  let state = BigInt(seed)
  const next = () => {
    state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n)
    let z = state
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n)
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn)
    return z ^ (z >> 31n)
  }
  const [a, b] = [next(), next()]
  return [Number(a & 0xffffffffn), Number(a >> 32n), Number(b & 0xffffffffn), Number(b >> 32n)]
}

/** An order of `items` drawn from the generator (Fisher and Yates); the array itself is left alone. */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const order = [...items]
  for (let last = order.length - 1; last > 0; last--) {
    const pick = random.below(last + 1)
    const held = order[last]
    order[last] = order[pick]
    order[pick] = held
  }
  return order
}

function xoshiro128StarStar(s: Uint32Array): number {
  const result = Math.imul(rotateLeft(Math.imul(s[1], 5), 7), 9) >>> 0
  const t = s[1] << 9
  s[2] ^= s[0]
  s[3] ^= s[1]
  s[1] ^= s[2]
  s[0] ^= s[3]
  s[2] ^= t
  s[3] = rotateLeft(s[3], 11)
  return result
}

function rotateLeft(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits))
}

function uniformBelow(bound: number, nextUint32: () => number): number {
  if (!Number.isInteger(bound) || bound < 1 || bound > 2 ** 32) throw new RangeError(`no integer in [0, ${bound})`)
  // What lies above the last whole multiple of the bound is drawn again: a plain remainder would favour small numbers.
  const limit = 2 ** 32 - (2 ** 32 % bound)
  let draw = nextUint32()
  while (draw >= limit) draw = nextUint32()
  return draw % bound
}

/** Box and Muller, 1958; 1 - u keeps the logarithm finite. */
function standardNormal(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
}
