import { describe, expect, it } from 'vitest'
import { expandRecipe, listNetworks, RECIPE_NAMES, RECIPES, runSpecHash, runSpecSchema, totalEpochs } from './index.ts'

const specOf = (name: (typeof RECIPE_NAMES)[number]) => runSpecSchema.parse(expandRecipe(name, { datasets: ['tess'] }))

describe('a recipe', () => {
  it.each(RECIPE_NAMES)('%s is a run spec with datasets, which come with what else is asked for', (name) => {
    expect(specOf(name)).toMatchObject({ model: name, datasets: ['tess'], split: { by: 'clip' } })
    const changed = runSpecSchema.parse(expandRecipe(name, { datasets: ['tess'], model: 'mine', seed: 4 }))
    expect(changed).toMatchObject({ model: 'mine', seed: 4 })
  })

  it("that is the paper's is the same as no recipe", () => {
    expect(runSpecHash(specOf('paper'))).toBe(runSpecHash(runSpecSchema.parse({ datasets: ['tess'] })))
  })

  it('is not changed by who changes what was made of it', () => {
    expandRecipe('robust', {}).members?.pop()
    expect(RECIPES.robust.members).toHaveLength(2)
  })
})

describe('the networks of a run', () => {
  it('are one where it has no members, with its own seed', () => {
    const spec = runSpecSchema.parse({ datasets: ['tess'], seed: 9 })
    expect(listNetworks(spec)).toEqual([{ ...spec, weight: 1 }])
    expect(totalEpochs(spec)).toBe(50)
  })

  it('are as many as the members ask for, each with a seed of its own, sharing the weight of its member', () => {
    const { members = [], ...rest } = specOf('robust')
    const spec = { ...rest, members: members.map((member) => ({ ...member, weight: 2, networks: 2 })) }
    const networks = listNetworks(spec)
    expect(networks.map(({ weight }) => weight)).toEqual([1, 1, 1, 1])
    expect(new Set(networks.map(({ seed }) => seed)).size).toBe(4)
    expect(networks[0].seed).toBe(spec.seed)
    expect(networks.map(({ features }) => features.includes('detail'))).toEqual([false, false, true, true])
    expect(networks[0]).not.toHaveProperty('members')
    expect(totalEpochs(spec)).toBe(2 * members.reduce((sum, { epochs = 0 }) => sum + epochs, 0))
    expect(listNetworks(spec)).toEqual(networks)
  })

  it.each([
    ['of other sample rates', [{ featureSet: { kind: 'voice' }, features: ['pitch'] }, {}]],
    ['with groups of other features', [{ features: ['pitch'] }]],
    ['whose frames are mixed', [{ featureSet: { pooling: 'frames' }, layout: 'frames', mixup: 0.2 }]],
    ['that crop what has no frames', [{ crop: 0.5 }]],
    ['of no members', []],
  ])('cannot be %s', (_name, members) => {
    expect(runSpecSchema.safeParse({ datasets: ['tess'], members }).success).toBe(false)
  })

  it('name a mistake where it is', () => {
    const { error } = runSpecSchema.safeParse({ datasets: ['tess'], members: [{}, { crop: 0.5 }] })
    expect(error?.issues.map(({ path }) => path)).toEqual([['members', 1, 'crop']])
  })
})
