import { describe, expect, it } from 'vitest'
import { readModelChoice, renderPrediction } from './predict-files.ts'

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

it('shows the likeliest emotion first', () => {
  const probabilities = { angry: 0.1, disgust: 0, fear: 0, happy: 0.7, neutral: 0.2, sad: 0, surprise: 0 }
  const prediction = {
    model: 'paper',
    version: 2,
    emotion: 'happy' as const,
    probabilities,
    seconds: 1,
    sampleRate: 24_414,
  }
  const lines = renderPrediction({ file: '/some/where/a.wav', prediction })
  expect(lines[0]).toBe('a.wav: happy (paper@2)')
  expect(lines[1]).toMatch(/happy +70\.0 % █{21}$/)
  expect(lines).toHaveLength(8)
})
