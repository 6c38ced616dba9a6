import { evaluationSchema } from '@ser/contracts'
import { describe, expect, it } from 'vitest'
import { evaluateModel } from './evaluate-model.ts'

const labels = ['angry', 'sad']
const recordings = 60

/** The first half of the speakers is understood, the other is not. */
function predictions(speakers: number) {
  const names = Array.from({ length: recordings }, (_, row) => `speaker ${row % speakers}`)
  const truth = names.map((_, row) => (row < 30 ? 0 : 1))
  const right = names.map((__, row) => row % speakers < speakers / 2)
  const probabilities = truth.flatMap((label, row) => ((label === 0) === right[row] ? [0.9, 0.1] : [0.1, 0.9]))
  return [
    { truth, probabilities, labels },
    { speakers: names, datasets: names.map(() => 'tess') },
  ] as const
}

describe('the evaluation of a model', () => {
  it('says its figures with intervals over recordings and over speakers, and by group', () => {
    const evaluation = evaluateModel(...predictions(6), 1)
    expect(evaluationSchema.parse(evaluation)).toEqual(evaluation)
    expect(evaluation.accuracy).toBe(0.5)
    const [overRecordings, overSpeakers] = evaluation.intervals ?? []
    expect(overRecordings).toMatchObject({ over: 'recordings', units: 60, level: 0.95, resamples: 2000 })
    // 1.96 * sqrt(0.5 * 0.5 / 60) is 0.127.
    expect(overRecordings.accuracy.low).toBeCloseTo(0.5 - 0.127, 1)
    expect(overRecordings.accuracy.high).toBeCloseTo(0.5 + 0.127, 1)
    expect(overSpeakers).toMatchObject({ over: 'speakers', units: 6 })
    expect(overSpeakers.accuracy.high - overSpeakers.accuracy.low).toBeGreaterThan(0.6)
    expect(evaluation.groups?.map(({ by, name, support, accuracy }) => [by, name, support, accuracy])).toEqual([
      ['speaker', 'speaker 0', 10, 1],
      ['speaker', 'speaker 1', 10, 1],
      ['speaker', 'speaker 2', 10, 1],
      ['speaker', 'speaker 3', 10, 0],
      ['speaker', 'speaker 4', 10, 0],
      ['speaker', 'speaker 5', 10, 0],
      ['dataset', 'tess', 60, 0.5],
    ])
    expect(evaluation.calibration?.ece).toBeCloseTo(0.4, 12)
  })

  it('says its figures by condition where there are several, each group with an interval', () => {
    const [few, groups] = predictions(6)
    const conditions = few.truth.map((_, row) => (row % 6 < 3 ? 'clean' : 'white noise'))
    const figures = evaluateModel(few, { ...groups, conditions }, 1).groups ?? []
    expect(figures.filter(({ by }) => by === 'condition')).toMatchObject([
      { name: 'clean', support: 30, accuracy: 1, accuracyInterval: { high: 1 } },
      { name: 'white noise', support: 30, accuracy: 0, accuracyInterval: { low: 0 } },
    ])
    const same = { ...groups, conditions: conditions.map(() => 'clean') }
    expect(evaluateModel(few, same, 1).groups?.some(({ by }) => by === 'condition')).toBe(false)
  })

  it('is the same for the same seed', () => {
    expect(evaluateModel(...predictions(6), 1)).toEqual(evaluateModel(...predictions(6), 1))
  })

  it('claims no interval over a few speakers, and none at all of one recording', () => {
    expect(evaluateModel(...predictions(2), 1).intervals?.map(({ over }) => over)).toEqual(['recordings'])
    const one = { truth: [0], probabilities: [1, 0], labels }
    expect(evaluateModel(one, { speakers: ['A'], datasets: ['tess'] }, 1).intervals).toEqual([])
  })
})
