import { recipeSchema, type Recipe } from './recipe-schema.ts'

/**
 * What the recipe `robust` is trained on beside the untouched recordings. Unlike `everyday` it leaves the voice as it is, which speaker
 * normalisation takes care of (changing it gave nothing in the experiments), and goes further in noise: every variant has some, down to
 * -5 dB, because what a model never heard at such levels it fails at.
 * - Noise: a third each is Gaussian of any slope between blue's and brown's, babble of three to eight voices, and recordings.
 * - Room and microphone come first, as sound meets them: RT60 0.12 to 0.9 s, colouring by up to 6 dB a band. The line comes last.
 */
export const ROBUST_NOISE: Recipe = recipeSchema.parse({
  name: 'robust-noise',
  version: 1,
  description:
    'Noise of every slope, babble and recordings at -5 to 25 dB, in rooms, through microphones and telephones.',
  missingResources: 'skip',
  steps: [
    { transform: 'SevenBandParametricEQ', p: 0.5, params: { gainDb: [-6, 6] } },
    {
      transform: 'DecayReverb',
      p: 0.3,
      params: { rt60Seconds: [0.12, 0.9], directToReverberantDb: [-3, 15] },
    },
    {
      oneOf: [
        { transform: 'AddColorNoise', params: { snrDb: [-5, 25], reference: 'active', color: [-6.6, 1.5] } },
        { transform: 'AddBabbleNoise', params: { snrDb: [-5, 25], reference: 'active', speakers: [3, 8] } },
        { transform: 'AddBackgroundNoise', params: { snrDb: [-5, 25], reference: 'active' } },
      ],
    },
    { transform: 'TelephoneBand', p: 0.12, params: { lowHz: [200, 350], highHz: [3000, 3800] } },
  ],
})
