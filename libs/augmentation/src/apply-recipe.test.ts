import { describe, expect, it } from 'vitest'
import { applyRecipe, resourceGroups } from './apply-recipe.ts'
import { EVERYDAY } from './everyday-recipe.ts'
import { peak, rms } from './levels.ts'
import { largestDifference, voice, whiteNoise } from './make-test-signals.ts'
import { PAPER_NOISE } from './paper-noise-recipe.ts'
import { recipeIdentity } from './recipe-identity.ts'
import { recipeSchema, type RecipeInput } from './recipe-schema.ts'
import { ROBUST_NOISE } from './robust-noise-recipe.ts'

const RATE = 16_000
const SPEECH = voice(160, [500, 1500, 2500], 0.8, RATE)
const RESOURCES = {
  noise: ['a', 'b', 'c'].map((name, i) => ({ name, sampleRate: RATE, samples: whiteNoise(20_000, i) })),
  voices: ['d', 'e'].map((name, i) => ({ name, sampleRate: RATE, samples: voice(120 + 50 * i, [700], 1, RATE) })),
}

function recipeOf(steps: RecipeInput['steps'], rest: Partial<RecipeInput> = {}) {
  return recipeSchema.parse({ name: 'test', version: 1, steps, ...rest })
}

function drawnColor(color: 'pink'[] | [number, number] | number, seed: number): unknown {
  const recipe = recipeOf([{ transform: 'AddColorNoise', params: { snrDb: 5, color } }])
  return applyRecipe(SPEECH, { sampleRate: RATE, recipe, seed }).applied[0].parameters['color']
}

describe('applyRecipe', () => {
  it('gives the same samples for the same recording, recipe, seed and resources', () => {
    const reversed = { noise: [...RESOURCES.noise].reverse(), voices: [...RESOURCES.voices].reverse() }
    for (let seed = 0; seed < 12; seed++) {
      const first = applyRecipe(SPEECH, { sampleRate: RATE, recipe: EVERYDAY, seed, resources: RESOURCES })
      const second = applyRecipe(SPEECH, { sampleRate: RATE, recipe: EVERYDAY, seed, resources: reversed })
      expect(largestDifference(second.samples, first.samples)).toBe(0)
      expect({ ...second, samples: null }).toEqual({ ...first, samples: null })
    }
    const other = applyRecipe(SPEECH, { sampleRate: RATE, recipe: EVERYDAY, seed: 'beef', resources: RESOURCES })
    const another = applyRecipe(SPEECH, { sampleRate: RATE, recipe: EVERYDAY, seed: 'bee0', resources: RESOURCES })
    expect(other.applied).not.toEqual(another.applied)
  })

  it('applies steps in order and records what was drawn', () => {
    const recipe = recipeOf([
      { transform: 'Gain', params: { gainDb: [-6, -3] } },
      { transform: 'AddColorNoise', params: { snrDb: [5, 10], color: ['pink'] } },
    ])
    const { samples, applied } = applyRecipe(SPEECH, { sampleRate: RATE, recipe, seed: 3 })
    expect(applied.map(({ step, transform }) => [step, transform])).toEqual([
      [0, 'Gain'],
      [1, 'AddColorNoise'],
    ])
    const gainDb = Number(applied[0].parameters['gainDb'])
    const snrDb = Number(applied[1].parameters['snrDb'])
    expect(gainDb).toBeGreaterThan(-6)
    expect(gainDb).toBeLessThan(-3)
    const turned = SPEECH.map((value) => value * 10 ** (gainDb / 20))
    const added = samples.map((value, i) => value - turned[i])
    expect(Math.abs(20 * Math.log10(rms(turned) / rms(added)) - snrDb)).toBeLessThan(0.1)
  })

  it('puts noise into every variant of robust-noise', () => {
    for (let seed = 0; seed < 12; seed++) {
      const { applied } = applyRecipe(SPEECH, { sampleRate: RATE, recipe: ROBUST_NOISE, seed, resources: RESOURCES })
      expect(applied.filter(({ transform }) => transform.endsWith('Noise'))).toHaveLength(1)
    }
  })

  it('draws the colour of noise among names, or its slope from a range', () => {
    const slopes = Array.from({ length: 20 }, (_, seed) => Number(drawnColor([-6, 1], seed)))
    expect(Math.min(...slopes)).toBeGreaterThanOrEqual(-6)
    expect(Math.max(...slopes)).toBeLessThan(1)
    expect(new Set(slopes).size).toBe(20)
    expect(drawnColor(['pink'], 1)).toBe('pink')
    expect(drawnColor(-3, 1)).toBe(-3)
  })

  it('applies a step as often as its probability says', () => {
    const recipe = recipeOf([{ transform: 'Gain', p: 0.3, params: { gainDb: 1 } }])
    const x = Float32Array.of(0.1)
    let times = 0
    for (let seed = 0; seed < 2000; seed++) times += applyRecipe(x, { sampleRate: RATE, recipe, seed }).applied.length
    // Five standard errors.
    expect(Math.abs(times / 2000 - 0.3)).toBeLessThan(0.052)
  })

  it('chooses one of several by weight', () => {
    const recipe = recipeOf([
      {
        oneOf: [
          { transform: 'Gain', weight: 3, params: { gainDb: 1 } },
          { transform: 'BitCrush', params: { bitDepth: 8 } },
        ],
      },
    ])
    let gains = 0
    for (let seed = 0; seed < 2000; seed++) {
      const { applied } = applyRecipe(Float32Array.of(0.1), { sampleRate: RATE, recipe, seed })
      expect(applied.length).toBe(1)
      gains += applied[0].transform === 'Gain' ? 1 : 0
    }
    expect(Math.abs(gains / 2000 - 0.75)).toBeLessThan(0.049)
  })

  it("keeps a step's draws when another step's change", () => {
    const noise: RecipeInput['steps'][number] = {
      transform: 'AddColorNoise',
      params: { snrDb: [0, 30], color: ['white'] },
    }
    const drawn = (gainDb: number | [number, number]) =>
      applyRecipe(SPEECH, {
        sampleRate: RATE,
        recipe: recipeOf([{ transform: 'Gain', params: { gainDb } }, noise]),
        seed: 9,
      }).applied[1]
    expect(drawn([-6, 6])).toEqual(drawn(0))
  })

  it('fails where recordings are missing, or leaves those steps out if the recipe says so', () => {
    const steps: RecipeInput['steps'] = [
      { transform: 'AddBackgroundNoise', params: { snrDb: 5 } },
      {
        oneOf: [
          { transform: 'ApplyImpulseResponse', params: {} },
          { transform: 'Gain', params: { gainDb: 1 } },
        ],
      },
    ]
    const strict = { sampleRate: RATE, recipe: recipeOf(steps), seed: 1 }
    expect(() => applyRecipe(SPEECH, strict)).toThrow('group "noise"')
    const lenient = recipeOf(steps, { missingResources: 'skip' })
    for (let seed = 0; seed < 20; seed++) {
      const { applied } = applyRecipe(SPEECH, { sampleRate: RATE, recipe: lenient, seed })
      expect(applied.map(({ transform }) => transform)).toEqual(['Gain'])
    }
  })

  it('turns a result down that would pass 1, unless the recipe keeps it', () => {
    const steps: RecipeInput['steps'] = [{ transform: 'Gain', params: { gainDb: 20 } }]
    const scaled = applyRecipe(SPEECH, { sampleRate: RATE, recipe: recipeOf(steps), seed: 1 })
    expect(peak(scaled.samples)).toBeCloseTo(1, 6)
    expect(rms(scaled.samples) / rms(SPEECH)).toBeCloseTo(10 ** ((20 + scaled.outputGainDb) / 20), 4)
    const kept = applyRecipe(SPEECH, { sampleRate: RATE, recipe: recipeOf(steps, { overflow: 'keep' }), seed: 1 })
    expect(peak(kept.samples) / peak(SPEECH)).toBeCloseTo(10, 4)
    expect(kept.outputGainDb).toBe(0)
  })

  it('refuses samples that are not finite', () => {
    const bad = Float32Array.of(0, Number.NaN)
    expect(() => applyRecipe(bad, { sampleRate: RATE, recipe: PAPER_NOISE, seed: 1 })).toThrow('not finite')
  })
})

describe('the recipe paper-noise', () => {
  it('adds white noise of up to 3.5 % of the peak, evenly distributed', () => {
    const fractions = Array.from({ length: 300 }, (_, seed) => {
      const { samples } = applyRecipe(SPEECH.subarray(0, 4000), { sampleRate: RATE, recipe: PAPER_NOISE, seed })
      return rms(samples.map((value, i) => value - SPEECH[i])) / peak(SPEECH.subarray(0, 4000))
    })
    expect(Math.max(...fractions)).toBeLessThan(0.037)
    expect(Math.min(...fractions)).toBeLessThan(0.001)
    expect(Math.abs(fractions.reduce((sum, value) => sum + value, 0) / 300 - 0.0175)).toBeLessThan(0.003)
  })
})

describe('the recipe everyday', () => {
  it('works without any recordings and with all, at telephone and studio rates, within full scale', () => {
    for (const sampleRate of [8000, 22_050, 48_000]) {
      const speech = voice(160, [500, 1500], 0.4, sampleRate)
      for (let seed = 0; seed < 15; seed++) {
        const resources = seed % 2 === 0 ? {} : RESOURCES
        const { samples } = applyRecipe(speech, { sampleRate, recipe: EVERYDAY, seed, resources })
        expect(samples.every((value) => Math.abs(value) <= 1)).toBe(true)
        expect(rms(samples)).toBeGreaterThan(0)
      }
    }
  })

  it('comes to each of its transforms in some variant', () => {
    const seen = new Set<string>()
    const resources = { ...RESOURCES, rooms: [{ name: 'r', sampleRate: RATE, samples: Float32Array.of(1, 0.5) }] }
    const short = SPEECH.subarray(0, 400)
    for (let seed = 0; seed < 600; seed++) {
      const { applied } = applyRecipe(short, { sampleRate: RATE, recipe: EVERYDAY, seed, resources })
      for (const { transform } of applied) seen.add(transform)
    }
    const named = EVERYDAY.steps.flatMap((step) => ('oneOf' in step ? step.oneOf : [step]))
    expect([...seen].sort()).toEqual([...new Set(named.map(({ transform }) => transform))].sort())
  })
})

describe('recipeSchema', () => {
  it('refuses unknown transforms, unknown parameters, ranges upside down and values out of range', () => {
    const bad: unknown[] = [
      { transform: 'Flanger', params: {} },
      { transform: 'Gain', params: { gain: 3 } },
      { transform: 'Gain', params: { gainDb: [3, -3] } },
      { transform: 'BitCrush', params: { bitDepth: 8.5 } },
      { transform: 'Gain', p: 1.5, params: { gainDb: 0 } },
      { oneOf: [] },
    ]
    for (const step of bad) {
      expect(recipeSchema.safeParse({ name: 'test', version: 1, steps: [step] }).success).toBe(false)
    }
    expect(recipeSchema.safeParse({ name: 'Test', version: 1, steps: [] }).success).toBe(false)
  })
})

describe('recipeIdentity', () => {
  it('does not depend on the order of keys or on the description, but on everything else', () => {
    const one = recipeSchema.parse({ name: 'a', version: 1, steps: [{ transform: 'Gain', params: { gainDb: 1 } }] })
    const same = recipeSchema.parse({
      steps: [{ params: { gainDb: 1 }, p: 1, transform: 'Gain' }],
      description: 'louder',
      version: 1,
      name: 'a',
    })
    const other = recipeSchema.parse({ name: 'a', version: 1, steps: [{ transform: 'Gain', params: { gainDb: 2 } }] })
    expect(recipeIdentity(same)).toBe(recipeIdentity(one))
    expect(recipeIdentity(other)).not.toBe(recipeIdentity(one))
    expect(JSON.parse(recipeIdentity(one))).toMatchObject({ recipe: { name: 'a' }, transforms: '1' })
  })
})

describe('resourceGroups', () => {
  it('names the groups that a recipe draws from', () => {
    expect(resourceGroups(EVERYDAY)).toEqual(['noise', 'rooms', 'voices'])
    expect(resourceGroups(ROBUST_NOISE)).toEqual(['noise', 'voices'])
    expect(resourceGroups(PAPER_NOISE)).toEqual([])
  })
})
