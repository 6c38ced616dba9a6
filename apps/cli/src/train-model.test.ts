import { runSpecSchema } from '@ser/contracts'
import { describe, expect, it } from 'vitest'
import { parseInput } from './parse-input.ts'
import { readRunSpec } from './train-model.ts'

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

  it.each([
    [{ dataset: ['a'], scenario: 4 }, 'scenario 4'],
    [{ dataset: ['a'], scenario: 1, features: ['mel'] }, '--features'],
    [{ dataset: ['a'], split: 'moon' }, 'moon'],
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
