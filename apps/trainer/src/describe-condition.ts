import type { VariantSteps } from '@ser/database'

/** What an original recording is under. */
export const CLEAN = 'clean'

const NOISES: Readonly<Record<string, string>> = {
  AddGaussianNoise: 'white noise',
  AddPeakNoise: 'white noise',
  AddColorNoise: 'noise',
  AddBackgroundNoise: 'background noise',
  AddBabbleNoise: 'babble',
  AddSpeechShapedNoise: 'speech-shaped noise',
}

/**
 * Under which condition a variant is, in words by which figures are grouped: the kind of noise and its level in steps of 5 dB
 * (or of 1 % of the peak, as the paper's noise is measured); without noise, the recipe's name.
 */
export function describeCondition({ recipe, applied }: VariantSteps): string {
  const noises = applied.flatMap(({ transform, parameters }) => {
    const kind = NOISES[transform]
    if (kind === undefined) return []
    const color = typeof parameters['color'] === 'string' ? `${parameters['color']} ` : ''
    return [`${color}${kind}${describeLevel(parameters)}`]
  })
  return noises.length === 0 ? `${recipe}, without noise` : noises.join(' and ')
}

function describeLevel({ snrDb, peakFraction }: Readonly<Record<string, unknown>>): string {
  if (typeof snrDb === 'number') {
    const low = Math.floor(snrDb / 5) * 5
    return `, SNR ${low} to ${low + 5} dB`
  }
  if (typeof peakFraction === 'number') {
    const low = Math.floor(peakFraction * 100)
    return `, ${low} to ${low + 1} % of the peak`
  }
  return ''
}
