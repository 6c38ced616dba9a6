import { AugmentationError, requireInteger } from './errors.ts'

/** A stream of random numbers that its seed decides entirely. */
export type SeededRandom = {
  /** An integer in [0, 2^32). */
  readonly uint32: () => number
  /** A number in [low, high), 53 random bits; [0, 1) by default. */
  readonly uniform: (low?: number, high?: number) => number
  /** A normally distributed number; mean 0 and deviation 1 by default. */
  readonly normal: (mean?: number, deviation?: number) => number
  /** An integer between low and high, both included, without bias. */
  readonly integer: (low: number, high: number) => number
  /** One of the items, which must not be empty. */
  readonly choice: <T>(items: readonly T[]) => T
  /** `count` different items in random order; all of them where there are fewer. */
  readonly sample: <T>(items: readonly T[], count: number) => T[]
  /** Another stream, decided by this one's seed and the label alone: what was drawn before does not matter. */
  readonly fork: (label: number) => SeededRandom
}

/** A seed: a whole number, or hexadecimal digits of any length (a SHA-256 works: every digit counts). */
export type Seed = number | bigint | string

const MASK = 0xffff_ffff_ffff_ffffn

/** One step of splitmix64 (Steele, Lea, Flood 2014): the next state and its output, both 64 bits. */
export function splitmix64(state: bigint): { readonly state: bigint; readonly output: bigint } {
  const next = (state + 0x9e37_79b9_7f4a_7c15n) & MASK
  let z = next
  z = ((z ^ (z >> 30n)) * 0xbf58_476d_1ce4_e5b9n) & MASK
  z = ((z ^ (z >> 27n)) * 0x94d0_49bb_1331_11ebn) & MASK
  return { state: next, output: z ^ (z >> 31n) }
}

/** Folds a seed of any length into 64 bits, one word after the other through splitmix64. */
function foldSeed(seed: Seed): bigint {
  if (typeof seed === 'number') requireInteger('seed', seed, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
  if (typeof seed === 'string' && !/^[0-9a-f]+$/i.test(seed)) {
    throw new AugmentationError('seed-not-hexadecimal', 'a seed given as text must be hexadecimal digits')
  }
  let rest = typeof seed === 'string' ? BigInt(`0x${seed}`) : BigInt(seed)
  if (rest < 0n) rest = BigInt.asUintN(64, rest)
  let folded = splitmix64(rest & MASK).output
  for (rest >>= 64n; rest > 0n; rest >>= 64n) folded = splitmix64(folded ^ (rest & MASK)).output
  return folded
}

/**
 * xoshiro128** (Blackman, Vigna 2018): 32-bit outputs from four words of state, which must not all be zero.
 * The state is in an Int32Array because closed-over numbers beyond 31 bits are boxed by V8.
 */
export function createXoshiro128(state: Int32Array): () => number {
  return () => {
    const s1 = state[1]
    const product = Math.imul(s1, 5)
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0
    state[2] ^= state[0]
    state[3] ^= s1
    state[1] ^= state[2]
    state[0] ^= state[3]
    state[2] ^= s1 << 9
    const s3 = state[3]
    state[3] = (s3 << 11) | (s3 >>> 21)
    return result
  }
}

function seededState(seed: bigint): Int32Array {
  const first = splitmix64(seed)
  const second = splitmix64(first.state)
  return Int32Array.of(
    Number(BigInt.asIntN(32, first.output)),
    Number(BigInt.asIntN(32, first.output >> 32n)),
    Number(BigInt.asIntN(32, second.output)),
    Number(BigInt.asIntN(32, second.output >> 32n)),
  )
}

/** Marsaglia's polar method (1964), two numbers a round; 32-bit uniforms are ample for samples of audio. */
function createNormal(uint32: () => number): () => number {
  let spare = Number.NaN
  return () => {
    if (!Number.isNaN(spare)) {
      const kept = spare
      spare = Number.NaN
      return kept
    }
    let u = 0
    let v = 0
    let s = 0
    while (s >= 1 || s === 0) {
      u = uint32() / 0x8000_0000 - 1
      v = uint32() / 0x8000_0000 - 1
      s = u * u + v * v
    }
    const scale = Math.sqrt((-2 * Math.log(s)) / s)
    spare = v * scale
    return u * scale
  }
}

/**
 * A seeded generator: xoshiro128** whose state comes from the seed by splitmix64, as its authors advise.
 * Throws `AugmentationError` for a seed that is neither a whole number nor hexadecimal digits.
 */
export function createRandom(seed: Seed): SeededRandom {
  const folded = foldSeed(seed)
  const uint32 = createXoshiro128(seededState(folded))
  const nextNormal = createNormal(uint32)
  const unit = () => ((uint32() >>> 5) * 0x400_0000 + (uint32() >>> 6)) / 0x20_0000_0000_0000

  const integer = (low: number, high: number) => {
    requireInteger('high', high, low, low + 0xffff_ffff)
    const count = high - low + 1
    // Rejecting what does not fill a whole round keeps every integer equally likely.
    const limit = 0x1_0000_0000 - (0x1_0000_0000 % count)
    let drawn = uint32()
    while (drawn >= limit) drawn = uint32()
    return low + (drawn % count)
  }
  const choice = <T>(items: readonly T[]): T => {
    if (items.length === 0) throw new AugmentationError('nothing-to-choose', 'there is nothing to choose from')
    return items[integer(0, items.length - 1)]
  }
  const sample = <T>(items: readonly T[], count: number): T[] => {
    const pool = [...items]
    const wanted = Math.min(count, pool.length)
    for (let i = 0; i < wanted; i++) {
      const j = integer(i, pool.length - 1)
      ;[pool[i], pool[j]] = [pool[j], pool[i]]
    }
    return pool.slice(0, wanted)
  }
  return {
    uint32,
    uniform: (low = 0, high = 1) => low + (high - low) * unit(),
    normal: (mean = 0, deviation = 1) => mean + deviation * nextNormal(),
    integer,
    choice,
    sample,
    fork: (label) => createRandom(splitmix64(folded ^ splitmix64(BigInt.asUintN(64, BigInt(label))).output).output),
  }
}
