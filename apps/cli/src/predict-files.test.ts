import type { Prediction } from '@ser/contracts'
import { describe, expect, it } from 'vitest'
import { readModelChoice } from './predict-batches.ts'
import { csvHead, csvRow, renderPrediction, renderPredictions } from './render-prediction.ts'

const prediction: Prediction = {
  model: 'paper',
  version: 2,
  alias: 'champion',
  chosenBy: 'alias',
  emotion: 'happy',
  confidence: 0.7,
  uncertain: false,
  probabilities: { angry: 0.1, disgust: 0, fear: 0, happy: 0.7, neutral: 0.2, sad: 0, surprise: 0 },
  seconds: 1,
  sampleRate: 24_414,
  speakerStatistics: null,
  timeline: null,
}
const refused = { file: 'b,c.wav', error: { code: 'SILENT', message: 'nothing but silence' } }

describe('a choice of a model', () => {
  it('is a name, or a name and a version', () => {
    expect(readModelChoice(undefined)).toEqual({})
    expect(readModelChoice('paper')).toEqual({ model: 'paper' })
    expect(readModelChoice('paper@12')).toEqual({ model: 'paper', version: 12 })
  })

  it.each(['', 'paper@', '@3', 'paper@x', 'a@1@2'])('is not %j', (text) => {
    expect(() => readModelChoice(text)).toThrow('NAME@VERSION')
  })
})

it('shows the likeliest emotion first, and who says so', () => {
  const lines = renderPrediction({ file: '/some/where/a.wav', prediction })
  expect(lines[0]).toBe('a.wav: happy (paper@2, champion)')
  expect(lines[1]).toMatch(/happy +70\.0 % █{21}$/)
  expect(lines).toHaveLength(8)
  const named = { ...prediction, alias: null, uncertain: true }
  expect(renderPrediction({ file: 'a.wav', prediction: named })[0]).toBe('a.wav: uncertain (happy?) (paper@2)')
})

it('tells many in a table, the refused among them', () => {
  const results = [...Array.from({ length: 4 }, (_, index) => ({ file: `${index}.wav`, prediction })), refused]
  const lines = renderPredictions(results, 80)
  expect(lines).toHaveLength(6)
  expect(lines[1]).toMatch(/^0\.wav +happy +70\.0 % +paper@2, champion$/)
  expect(lines[5]).toMatch(/^b,c\.wav +SILENT +nothing but silence$/)
})

it('shows when what was', () => {
  const window = {
    level: -20,
    silent: false,
    confidence: 0.7,
    uncertain: false,
    probabilities: prediction.probabilities,
  }
  const windows = [
    { ...window, start: 0, end: 2, emotion: 'happy' as const },
    { ...window, start: 1, end: 3, emotion: null, silent: true, probabilities: null, confidence: null },
  ]
  const emotions = { ...prediction.probabilities, angry: 0, neutral: 0, happy: 0.5 }
  const timeline = { window: 2, hop: 1, silence: -65, windows, shares: { emotions, uncertain: 0, silent: 0.5 } }
  const lines = renderPrediction({ file: 'a.wav', prediction: { ...prediction, timeline } })
  expect(lines.slice(8).map((line) => line.trim())).toEqual([
    '2 windows: happy 50.0 %, silence 50.0 %',
    '0:00 – 0:01     happy',
    '0:01 – 0:03     silence',
  ])
})

it('writes CSV whose rows have a value for each column', () => {
  const columns = csvHead().split(',').length
  expect(csvRow({ file: 'a.wav', prediction }).split(',')).toHaveLength(columns)
  expect(csvRow(refused)).toBe(`"b,c.wav"${','.repeat(columns - 1)}SILENT`)
})
