import { expect, test } from 'vitest'
import { rms } from './levels.ts'
import { planStress, stressPlanSchema, type StressCondition } from './plan-stress.ts'
import { createRandom } from './random.ts'
import { stressVariants } from './stress-variants.ts'

const sampleRate = 16_000
const tone = Float32Array.from({ length: sampleRate }, (_, index) => 0.05 * Math.sin(index / 9))
const speech = (seed: number) => {
  const random = createRandom(seed)
  return Float32Array.from({ length: 9000 }, () => 0.1 * random.normal())
}
const resources = {
  noise: [{ name: 'n', sampleRate, samples: speech(1) }],
  voices: [2, 3, 4, 5].map((seed) => ({ name: `v${seed}`, sampleRate, samples: speech(seed) })),
}
const conditions = planStress(stressPlanSchema.parse({}), { recordings: true })

function makeAll(given: readonly StressCondition[] = conditions, seed = 7): Float32Array[] {
  return [...stressVariants(tone, { sampleRate, conditions: given, seed, resources })]
}

test('plans every noise at every SNR, the rooms, the telephone and the clipping; recordings where there are some', () => {
  expect(conditions).toHaveLength(1 + 5 * 6 + 4 + 1 + 3)
  expect(conditions[0]).toEqual({ kind: 'clean' })
  const without = planStress(stressPlanSchema.parse({}), { recordings: false })
  expect(without).toHaveLength(39 - 6)
  const few = stressPlanSchema.parse({ noises: [], rt60Seconds: [], clippingPercent: [], telephone: false })
  expect(planStress(few, { recordings: true })).toEqual([{ kind: 'clean' }])
})

test('an SNR of 10 dB measures 10 dB for every kind of noise', () => {
  const made = makeAll()
  for (const [index, condition] of conditions.entries()) {
    if (condition.kind !== 'noise') continue
    const noise = made[index].map((value, at) => value - tone[at])
    expect(20 * Math.log10(rms(tone) / rms(noise))).toBeCloseTo(condition.snrDb, 2)
  }
})

const pinkAt = (snrDb: number): StressCondition => ({ kind: 'noise', noise: 'pink', snrDb })

test('adds the same noise at every SNR', () => {
  const [loud, quiet] = makeAll([pinkAt(0), pinkAt(20)]).map((made) => made.map((value, index) => value - tone[index]))
  for (const index of [5, 500, 15_000]) expect(quiet[index] / loud[index]).toBeCloseTo(0.1, 3)
})

test('is the same for the same seed, whatever other conditions there are, and another for another', () => {
  const made = makeAll()
  const babble = conditions.filter((condition) => condition.kind === 'noise' && condition.noise === 'babble')
  const alone = makeAll(babble)
  expect(alone).toEqual(made.filter((_, index) => babble.includes(conditions[index])))
  expect(makeAll(babble, 8)[0]).not.toEqual(alone[0])
})

test('stays within full scale, and leaves the recording as it is', () => {
  const loud = tone.map((value) => value * 19)
  const before = loud.slice()
  for (const made of stressVariants(loud, { sampleRate, conditions, seed: 1, resources })) {
    expect(made).toHaveLength(loud.length)
    expect(made.reduce((most, value) => Math.max(most, Math.abs(value)), 0)).toBeLessThanOrEqual(1)
  }
  expect(loud).toEqual(before)
})

test('refuses babble without voices', () => {
  const babble = [{ kind: 'noise', noise: 'babble', snrDb: 0 }] as const
  expect(() => [...stressVariants(tone, { sampleRate, conditions: babble, seed: 1 })]).toThrow(/"voices"/)
})
