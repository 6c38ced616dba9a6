import { SCENARIOS, type RunSpecInput } from './run-specs.ts'

/** A run spec without what it is trained and tested on. */
export type Recipe = Omit<RunSpecInput, 'datasets' | 'split' | 'seed' | 'relabel' | 'validation' | 'earlyStopping'>

export const RECIPE_NAMES = ['paper', 'robust'] as const
export type RecipeName = (typeof RECIPE_NAMES)[number]

const WARM_UP = { kind: 'cosine', warmupEpochs: 1.5 } as const

/**
 * Named run specs. `paper`: the paper's, which is what a run spec says that says nothing. `robust`: for voices, rooms and noise that
 * the training has not heard; statistics of the voice, normalised by speaker, in two networks: one of the values that hold for other
 * speakers under strong disturbance, one of all values, which holds out longer in noise.
 */
export const RECIPES: Readonly<Record<RecipeName, Recipe>> = {
  paper: {
    model: 'paper',
    featureSet: {},
    features: [...SCENARIOS[2]],
    layout: 'one-step',
    epochs: 50,
    batchSize: 256,
    learningRate: 0.001,
    lstmUnits: [128, 128],
    denseUnits: 32,
    dropout: 0.2,
  },
  robust: {
    model: 'robust',
    featureSet: { kind: 'voice' },
    features: ['pitch', 'quality', 'spectrum', 'cepstrum', 'level', 'rhythm', 'detail'],
    layout: 'one-step',
    normalisation: 'speaker',
    batchSize: 128,
    learningRate: 0.003,
    lstmUnits: [128],
    denseUnits: 64,
    schedule: WARM_UP,
    weightDecay: 0.02,
    labelSmoothing: 0.1,
    sampling: { balance: ['class', 'dataset'], stepsPerEpoch: 20 },
    members: [
      {
        features: ['pitch', 'quality', 'spectrum', 'cepstrum', 'level', 'rhythm'],
        epochs: 20,
        noise: 1,
        inputDropout: 0.2,
        dropout: 0.5,
        mixup: 0.3,
      },
      { epochs: 40, noise: 0.1, inputDropout: 0.1, dropout: 0.3, mixup: 0.2 },
    ],
  },
}

/** A recipe with further fields, which come before the recipe's. */
export function expandRecipe<Fields extends object>(name: RecipeName, fields: Fields): Recipe & Fields {
  // A copy, so that nobody changes the recipe itself.
  return { ...structuredClone(RECIPES[name]), ...fields }
}
