import { runSpecSchema, RECIPES } from '@ser/contracts'
import { describe, expect, it } from 'vitest'
import { parseInput } from './parse-input.ts'
import { readOnTheFly, readRunSpec } from './train-model.ts'

const splitOf = (split: string) => parseInput(runSpecSchema, readRunSpec({ dataset: ['a', 'b'], split })).split

const choose = (dataset: string) => Promise.resolve({ dataset, half: 'train' as const })

describe('the options of train', () => {
  it('leave what they do not name to the defaults of the contract', () => {
    const spec = parseInput(runSpecSchema, readRunSpec({ dataset: ['tess'] }))
    expect(spec).toEqual(runSpecSchema.parse({ datasets: ['tess'] }))
  })

  it('turn scenarios into feature groups', () => {
    expect(readRunSpec({ dataset: ['tess'], scenario: 1 })).toMatchObject({ features: ['mel'] })
    expect(readRunSpec({ dataset: ['tess'], scenario: 3 })).toMatchObject({ features: ['mel', 'mfcc', 'rms'] })
  })

  it('name speakers, words and counts of the test side', () => {
    expect(readRunSpec({ dataset: ['a'], split: 'speaker:OAF,YAF' })['split']).toEqual({
      by: 'speaker',
      test: ['OAF', 'YAF'],
    })
    expect(readRunSpec({ dataset: ['a'], split: 'word', test: 0.1 })['split']).toEqual({ by: 'word', test: 0.1 })
    expect(readRunSpec({ dataset: ['a'], test: 700 })['split']).toEqual({ by: 'clip', test: 700 })
  })

  it('name datasets to test on, and folds', () => {
    expect(splitOf('dataset:b')).toEqual({ by: 'dataset', test: ['b'] })
    expect(splitOf('clip-fold:2/5')).toEqual({ by: 'clip-fold', fold: 2, folds: 5 })
    expect(splitOf('speaker-fold:24/24')).toEqual({ by: 'speaker-fold', fold: 24, folds: 24 })
    expect(() => splitOf('speaker-fold:3/2')).toThrow(/split\.fold/)
  })

  it('name a recipe, which says what the other options do not', () => {
    const spec = parseInput(runSpecSchema, readRunSpec({ dataset: ['a'], recipe: 'robust', seed: 2 }))
    expect(spec).toEqual(runSpecSchema.parse({ ...RECIPES.robust, datasets: ['a'], seed: 2 }))
    const mine = parseInput(runSpecSchema, readRunSpec({ dataset: ['a'], recipe: 'robust', model: 'mine' }))
    expect(mine).toMatchObject({ model: 'mine', normalisation: 'speaker' })
    expect(() => readRunSpec({ dataset: ['a'], recipe: 'best' })).toThrow(/paper and robust/)
  })

  it('name a recipe for variants on the fly, and what is mixed in', async () => {
    const given = { augmentOnTheFly: 'everyday@1', augmentShare: 0.7, resource: ['voices=@train', 'noise=street'] }
    const { onTheFly } = parseInput(runSpecSchema, { datasets: ['a'], ...(await readOnTheFly(given, choose)) })
    expect(onTheFly).toEqual({
      recipe: 'everyday@1',
      share: 0.7,
      resources: { voices: { side: 'train' }, noise: { dataset: 'street', half: 'train' } },
    })
    expect(await readOnTheFly({}, choose)).toEqual({})
    await expect(readOnTheFly({ resource: ['noise=street'] }, choose)).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  })

  it('name labels to train on besides the seven', () => {
    const spec = parseInput(runSpecSchema, readRunSpec({ dataset: ['a'], relabel: ['calm=neutral', 'joy=happy'] }))
    expect(spec.relabel).toEqual({ calm: 'neutral', joy: 'happy' })
  })

  it('describe a network on every frame, and ask for the features that it needs', () => {
    const options = { dataset: ['a'], layout: 'frames', lstm: [64], pooling: 'attention', scale: 'decibel' }
    const more = {
      convolution: [
        [32, 5, 2],
        [64, 3],
      ],
      bidirectional: true,
      schedule: 'cosine:3',
      labelSmoothing: 0.1,
    }
    const spec = parseInput(runSpecSchema, readRunSpec({ ...options, ...more, dense: 16, dropout: 0.5, crop: 0.8 }))
    expect(spec).toEqual(
      runSpecSchema.parse({
        datasets: ['a'],
        featureSet: { pooling: 'frames' },
        layout: 'frames',
        lstmUnits: [64],
        denseUnits: 16,
        dropout: 0.5,
        pooling: 'attention',
        scale: 'decibel',
        convolutions: [
          { filters: 32, kernel: 5, pool: 2 },
          { filters: 64, kernel: 3 },
        ],
        bidirectional: true,
        schedule: { kind: 'cosine', warmupEpochs: 3 },
        labelSmoothing: 0.1,
        crop: 0.8,
      }),
    )
    const set = readRunSpec({ dataset: ['a'], layout: 'frames', set: '{"hopLength":256}' })
    expect(set).toMatchObject({ featureSet: { hopLength: 256, pooling: 'frames' } })
    expect(readRunSpec({ dataset: ['a'], set: '{"nMfcc":13}' })).toMatchObject({ featureSet: { nMfcc: 13 } })
    expect(readRunSpec({ dataset: ['a'], schedule: 'plateau' })).toMatchObject({ schedule: { kind: 'plateau' } })
  })

  it.each([
    [{ dataset: ['a'], schedule: 'moon' }, '--schedule is'],
    [{ dataset: ['a'], schedule: 'constant:3' }, '--schedule is'],
    [{ dataset: ['a'], convolution: [[5]] }, 'FILTERS,KERNEL'],
    [{ dataset: ['a'], set: '{' }, '--set is not JSON'],
    [{ dataset: ['a'], scenario: 4 }, 'scenario 4'],
    [{ dataset: ['a'], scenario: 1, features: ['mel'] }, '--features'],
    [{ dataset: ['a'], split: 'moon' }, 'moon'],
    [{ dataset: ['a'], split: 'clip-fold:0' }, 'clip-fold:K/N'],
    [{ dataset: ['a'], split: 'speaker:A', test: 0.5 }, '--test'],
    [{ dataset: ['a'], relabel: ['calm'] }, 'LABEL=EMOTION'],
  ])('are refused when they make no sense: %j', (options, message) => {
    expect(() => readRunSpec(options)).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringContaining(message) }),
    )
  })

  it('are refused with the place that is wrong', () => {
    const wrong = readRunSpec({ dataset: ['Not A Name'], epochs: 0 })
    expect(() => parseInput(runSpecSchema, wrong)).toThrow(/datasets\.0.*epochs/)
  })
})
