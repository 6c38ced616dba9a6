import {
  ALL,
  benchRecipe,
  DETAILED_MEMBER,
  RECIPES,
  STEADY_MEMBER,
  UNMIXED_MEMBER,
  VOICE,
  type BenchRecipe,
} from './recipes.ts'

const MEAN = {
  scale: 'decibel',
  schedule: { kind: 'cosine', warmupEpochs: 1.5 },
  sampling: VOICE.sampling,
  batchSize: 128,
  learningRate: 0.003,
} as const
const LONG = { dropout: 0.5, labelSmoothing: 0.1, weightDecay: 0.02, mixup: 0.3, inputDropout: 0.2 } as const

/** One thing changed at a time; those that do not help are here too. */
export const EXPERIMENTS: readonly BenchRecipe[] = [
  ...RECIPES,
  ...RECIPES.filter(({ variants }) => variants > 0).map((recipe) => ({
    ...recipe,
    name: `${recipe.name}, no variants`,
    variants: 0,
  })),
  benchRecipe('librosa, standard', { scale: 'decibel', normalisation: 'standard' }),
  benchRecipe('librosa, standard, noise', { scale: 'decibel', normalisation: 'standard' }, 1),
  benchRecipe('librosa, speaker', { ...MEAN, ...LONG, normalisation: 'speaker', noise: 0.5, epochs: 20 }),
  benchRecipe('voice all, standard', { ...VOICE, ...DETAILED_MEMBER, normalisation: 'standard' }),
  benchRecipe('voice all, speaker', { ...VOICE, ...DETAILED_MEMBER }),
  benchRecipe('voice all, speaker, 1 variant', { ...VOICE, ...DETAILED_MEMBER }, 1),
  benchRecipe('voice all, speaker, 2 variants', { ...VOICE, ...DETAILED_MEMBER }, 2),
  benchRecipe('voice all, standard, 1 variant', { ...VOICE, ...DETAILED_MEMBER, normalisation: 'standard' }, 1),
  benchRecipe('steady, standard', { ...VOICE, ...STEADY_MEMBER, normalisation: 'standard' }),
  benchRecipe('steady, speaker', { ...VOICE, ...STEADY_MEMBER }),
  benchRecipe('steady, speaker, noise .3', { ...VOICE, ...STEADY_MEMBER, noise: 0.3 }),
  benchRecipe('steady, speaker, noise 2', { ...VOICE, ...STEADY_MEMBER, noise: 2 }),
  benchRecipe('steady, speaker, no mixup', { ...VOICE, ...UNMIXED_MEMBER }),
  benchRecipe('all as steady', { ...VOICE, ...STEADY_MEMBER, features: [...ALL] }),
  benchRecipe('steady, speaker, 1 variant', { ...VOICE, ...STEADY_MEMBER }, 1),
  benchRecipe(
    'LSTM on librosa frames',
    {
      ...MEAN,
      featureSet: { pooling: 'frames' },
      layout: 'frames',
      lstmUnits: [32],
      bidirectional: true,
      pooling: 'attentive-statistics',
      normalisation: 'speaker',
      noise: 0.3,
      crop: 0.4,
      dropout: 0.3,
      epochs: 15,
      batchSize: 64,
    },
    0,
  ),
]
