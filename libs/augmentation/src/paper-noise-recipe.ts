import { recipeSchema, type Recipe } from './recipe-schema.ts'

/**
 * The paper's noise injection: y + 0.035 * u * max|y| * N(0, 1) with u even on [0, 1), as the widely copied speech emotion notebooks have it.
 * The noise's deviation is at most 3.5 % of the peak, so the SNR is about 15 dB at the loudest noise for speech with a crest factor of 14 dB.
 */
export const PAPER_NOISE: Recipe = recipeSchema.parse({
  name: 'paper-noise',
  version: 1,
  description: 'White noise of up to 3.5 % of the peak: the noise injection of the paper.',
  overflow: 'keep',
  steps: [{ transform: 'AddPeakNoise', params: { peakFraction: [0, 0.035] } }],
})
