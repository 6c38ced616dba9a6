import { expect, test } from 'vitest'
import { applyOnTheFly, isVariantDrawn, onTheFlySeed } from './apply-on-the-fly.ts'
import { EVERYDAY } from './everyday-recipe.ts'
import { createRandom } from './random.ts'
import { halfOf } from './split-in-halves.ts'

const samples = Float32Array.from({ length: 8000 }, (_, index) => 0.3 * Math.sin(index / 11))
const clip = 'ab'.repeat(32)
const base = { sampleRate: 16_000, recipe: EVERYDAY, seed: 1, epoch: 3, clip }

test('gives the same variant again for the same run, epoch and clip', () => {
  expect(applyOnTheFly(samples, base)).toEqual(applyOnTheFly(samples, base))
})

/** 53 random bits: two of 5000 are equal once in a billion times. */
const firstDraw = (of: Parameters<typeof onTheFlySeed>[0]) => createRandom(onTheFlySeed(of)).uniform()

test('draws anew for every epoch, clip and run', () => {
  const seeds = new Set<number>()
  for (let epoch = 1; epoch <= 50; epoch++)
    for (let number = 0; number < 50; number++)
      for (const seed of [1, 2]) seeds.add(firstDraw({ seed, epoch, clip: number.toString(16).padStart(64, '0') }))
  expect(seeds.size).toBe(5000)
})

test('takes the asked share of the recordings for variants, others in every epoch', () => {
  const clips = Array.from({ length: 1000 }, (_, number) => number.toString(16).padStart(64, '0'))
  const drawn = (epoch: number, share: number) =>
    clips.map((each) => isVariantDrawn({ seed: 1, epoch, clip: each, share }))
  const [first, second] = [drawn(1, 0.3), drawn(2, 0.3)]
  // Three deviations of a binomial are 43 of 1000.
  for (const epoch of [first, second]) expect(Math.abs(epoch.filter(Boolean).length - 300)).toBeLessThan(60)
  expect(first.filter((is, index) => is && second[index]).length).toBeLessThan(150)
  expect(drawn(1, 1)).not.toContain(false)
  expect(drawn(1, 0.3)).toEqual(first)
})

test('refuses a clip that is no hash, and an epoch that is no number', () => {
  expect(() => applyOnTheFly(samples, { ...base, clip: 'recording.wav' })).toThrow(/hexadecimal/)
  expect(() => onTheFlySeed({ ...base, epoch: 0.5 })).toThrow()
})

test('a recording lies in one of two halves by its content alone', () => {
  expect(halfOf('0'.repeat(64))).toBe('train')
  expect(halfOf(`${'0'.repeat(63)}f`)).toBe('evaluation')
})
