import { describe, expect, it } from 'vitest'
import { describeCondition } from './describe-condition.ts'

const step = (transform: string, parameters: Record<string, unknown>) => ({ transform, parameters })

describe('the condition of a variant', () => {
  it.each([
    [[step('AddPeakNoise', { peakFraction: 0.0123 })], 'white noise, 1 to 2 % of the peak'],
    [[step('AddColorNoise', { color: 'pink', snrDb: 12.5 })], 'pink noise, SNR 10 to 15 dB'],
    [[step('Gain', { gainDb: 3 }), step('AddBabbleNoise', { snrDb: -0.5 })], 'babble, SNR -5 to 0 dB'],
    [[step('Gain', { gainDb: 3 })], 'everyday, without noise'],
    [[], 'everyday, without noise'],
  ])('%j', (applied, condition) => {
    expect(describeCondition({ recipe: 'everyday', applied })).toBe(condition)
  })
})
