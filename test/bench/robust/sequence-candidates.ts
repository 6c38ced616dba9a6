import { expandRecipe, type RunSpecInput } from '@ser/contracts'
import { benchRecipe, ROBUST_VARIANTS, type BenchRecipe } from './recipes.ts'

type MemberInput = NonNullable<RunSpecInput['members']>[number]

const { members: DENSE = [], ...ROBUST } = expandRecipe('robust', {})

/** Measures of the voice in blocks of 60 ms, those that hold for other speakers: an LSTM in both directions, pooled by attention. */
const SEQUENCE = {
  featureSet: { kind: 'voice', pooling: 'frames' },
  layout: 'frames',
  features: ['pitch', 'quality', 'spectrum', 'cepstrum', 'level'],
  lstmUnits: [32],
  bidirectional: true,
  pooling: 'attentive-statistics',
  noise: 0.3,
  inputDropout: 0.15,
  crop: 0.4,
  dropout: 0.4,
  batchSize: 64,
  epochs: 15,
} satisfies MemberInput

/** The same of all measures, for known voices in noise. */
const DETAILED_SEQUENCE = {
  ...SEQUENCE,
  features: [...SEQUENCE.features, 'detail'],
  lstmUnits: [48],
  epochs: 50,
} satisfies MemberInput

/** All measures with no more units, in 600 steps: a third of the time. */
const BRIEF = { ...DETAILED_SEQUENCE, lstmUnits: [32], epochs: 30 } satisfies MemberInput

function alone(name: string, member: MemberInput, variants = ROBUST_VARIANTS): BenchRecipe {
  return benchRecipe(name, { ...ROBUST, ...member }, variants)
}

/** The sequence beside the two others, which weigh as much as it or as they are told. */
function fused(name: string, member: MemberInput, variants = ROBUST_VARIANTS, weights = [1, 1]): BenchRecipe {
  const dense = DENSE.map((each, index) => ({ ...each, weight: weights[index] }))
  return benchRecipe(name, { ...ROBUST, members: [...dense, member] }, variants)
}

/** Networks that read a voice over time, by themselves and beside those of its statistics. */
export const SEQUENCE_CANDIDATES: readonly BenchRecipe[] = [
  alone('sequence', SEQUENCE),
  alone('sequence of all', DETAILED_SEQUENCE),
  alone('sequence without variants', SEQUENCE, 0),
  benchRecipe('robust without variants', expandRecipe('robust', {}), 0),
  fused('robust + sequence', SEQUENCE),
  fused('robust + sequence with weights 2 : 1 : 1', SEQUENCE, ROBUST_VARIANTS, [2, 1]),
  fused('robust + sequence with weights 1 : 2 : 1', SEQUENCE, ROBUST_VARIANTS, [1, 2]),
  fused('robust + sequence with 2 variants', SEQUENCE, 2),
  fused('robust + sequence of all in 600 steps', BRIEF),
  fused('robust + sequence of all in 600 steps with weights 2 : 1 : 1', BRIEF, ROBUST_VARIANTS, [2, 1]),
  fused('robust + sequence of all', DETAILED_SEQUENCE),
  fused('robust + sequence of all with weights 2 : 1 : 1', DETAILED_SEQUENCE, ROBUST_VARIANTS, [2, 1]),
  benchRecipe(
    'robust + both sequences',
    { ...ROBUST, members: [...DENSE, SEQUENCE, DETAILED_SEQUENCE] },
    ROBUST_VARIANTS,
  ),
  fused('robust + sequence without variants', SEQUENCE, 0),
]
