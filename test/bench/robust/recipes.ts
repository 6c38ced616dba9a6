import { runSpecSchema, type RunSpec, type RunSpecInput } from '@ser/contracts'

/** What is compared: a run spec, and how many noisy variants of every recording are trained on beside it. */
export type BenchRecipe = { readonly name: string; readonly spec: RunSpec; readonly variants: number }

type SpecInput = Omit<RunSpecInput, 'datasets' | 'model'>
type MemberInput = NonNullable<RunSpecInput['members']>[number]

export function benchRecipe(name: string, spec: SpecInput, variants = 0): BenchRecipe {
  return { name, variants, spec: runSpecSchema.parse({ ...spec, datasets: ['tess'] }) }
}

/** The groups whose meaning holds for other speakers and corpora. */
export const STEADY = ['pitch', 'quality', 'spectrum', 'cepstrum', 'level', 'rhythm'] as const
export const ALL = [...STEADY, 'detail'] as const

/** One network of few, steady values under much noise, for strangers; but for mixup. */
export const UNMIXED_MEMBER = {
  features: [...STEADY],
  normalisation: 'speaker',
  noise: 1,
  inputDropout: 0.2,
  dropout: 0.5,
  labelSmoothing: 0.1,
  weightDecay: 0.02,
  epochs: 20,
} satisfies MemberInput

export const STEADY_MEMBER = { ...UNMIXED_MEMBER, mixup: 0.3 } satisfies MemberInput

/** One of all values, for known voices and in noise. */
export const DETAILED_MEMBER = {
  features: [...ALL],
  normalisation: 'speaker',
  noise: 0.1,
  inputDropout: 0.1,
  dropout: 0.3,
  mixup: 0.2,
  labelSmoothing: 0.1,
  weightDecay: 0.02,
  epochs: 100,
} satisfies MemberInput

/** Of voice features; an epoch is 20 batches, drawn balanced by emotion and corpus. */
export const VOICE = {
  featureSet: { kind: 'voice' },
  features: [...ALL],
  lstmUnits: [128],
  denseUnits: 64,
  batchSize: 128,
  learningRate: 0.003,
  schedule: { kind: 'cosine', warmupEpochs: 1.5 },
  sampling: { balance: ['class', 'dataset'], stepsPerEpoch: 20 },
} satisfies SpecInput

/** The paper's model, and the one that ships. */
export const RECIPES: readonly BenchRecipe[] = [
  benchRecipe('paper', {}),
  benchRecipe(
    'robust',
    {
      ...VOICE,
      members: [
        { ...STEADY_MEMBER, weight: 2, networks: 2 },
        { ...DETAILED_MEMBER, weight: 1 },
      ],
    },
    1,
  ),
]
