/** Numbers in [0, 1), 32 bits of resolution, always the same for the same seed. */
export type Generator = () => number

/** What randomness is for: each purpose has its own stream, so that one more dropout mask does not change a shuffle. */
export type Stream = 'weights' | 'shuffle' | 'dropout' | 'noise' | 'mixup' | 'inputs' | 'crop'

/** A generator that can be stopped and continued elsewhere. */
export type SavedGenerator = Generator & { readonly state: () => GeneratorState }

/** sfc32's four words. */
export type GeneratorState = readonly [number, number, number, number]

const STREAMS = {
  weights: 1,
  shuffle: 2,
  dropout: 3,
  noise: 4,
  mixup: 5,
  inputs: 6,
  crop: 7,
} as const satisfies Record<Stream, number>

/**
 * A seeded generator: sfc32 (Doty-Humphrey, PractRand), its state filled from seed and stream.
 *
 * @param seed 0 to 2^32 - 1
 */
export function createGenerator(seed: number, stream: Stream): SavedGenerator {
  const next = continueGenerator([seed >>> 0, STREAMS[stream], 0x9e3779b9, 1])
  // The author's advice: what is near in seed is far apart after twelve rounds; a few more cost nothing.
  for (let round = 0; round < 20; round++) next()
  return next
}

/** The generator that goes on where another one's state was taken. */
export function continueGenerator(state: GeneratorState): SavedGenerator {
  let [a, b, c, counter] = state
  const next = (): number => {
    const sum = (a + b + counter) >>> 0
    counter = (counter + 1) >>> 0
    a = (b ^ (b >>> 9)) >>> 0
    b = (c + (c << 3)) >>> 0
    c = ((c << 21) | (c >>> 11)) >>> 0
    c = (c + sum) >>> 0
    return sum / 2 ** 32
  }
  return Object.assign(next, { state: (): GeneratorState => [a, b, c, counter] })
}

/** The numbers 0 to `count - 1` in random order (Fisher and Yates). */
export function shuffledIndices(count: number, random: Generator): Uint32Array {
  const indices = Uint32Array.from({ length: count }, (_, index) => index)
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const kept = indices[last]
    indices[last] = indices[other]
    indices[other] = kept
  }
  return indices
}

/** A number from the standard normal distribution (Box and Muller's cosine half). */
export function standardNormal(random: Generator): number {
  // 1 - u lies in (0, 1], whose logarithm is finite.
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** A number from Beta(a, b): of two gamma numbers the first's part of their sum. */
export function randomBeta(a: number, b: number, random: Generator): number {
  const first = randomGamma(a, random)
  const second = randomGamma(b, random)
  // Both may be too small for a float when a and b are tiny; then the beta is nearly 0 or 1, either as likely.
  return first + second > 0 ? first / (first + second) : Math.round(random())
}

/** A number from the gamma distribution of scale 1 (Marsaglia and Tsang 2000; below shape 1 by their note on powers). */
function randomGamma(shape: number, random: Generator): number {
  if (shape < 1) return randomGamma(shape + 1, random) * (1 - random()) ** (1 / shape)
  const d = shape - 1 / 3
  for (;;) {
    const x = standardNormal(random)
    const v = (1 + x / Math.sqrt(9 * d)) ** 3
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
  }
}
