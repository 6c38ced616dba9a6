import type { StressResult } from '@ser/contracts'

/** A condition in a few words: `pink noise, 10 dB`, `RT60 0.4 s`, `10 % clipped`. */
export function describeCondition(condition: StressResult['condition']): string {
  if (condition.kind === 'noise') {
    const { noise, snrDb } = condition
    const what = noise === 'babble' ? 'babble' : noise === 'recordings' ? 'recorded noise' : `${noise} noise`
    return `${what}, ${snrDb} dB`
  }
  if (condition.kind === 'room') return `RT60 ${condition.rt60Seconds} s`
  if (condition.kind === 'clipping') return `${condition.percent} % clipped`
  return condition.kind
}
