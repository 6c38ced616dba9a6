import { expandRecipe, type FeatureGroup, type RunSpecInput } from '@ser/contracts'
import { benchRecipe, ROBUST_VARIANTS, type BenchRecipe } from './recipes.ts'
import { SEQUENCE_CANDIDATES } from './sequence-candidates.ts'

const WHOLE = expandRecipe('robust', {})
const { members: MEMBERS = [], ...ROBUST } = WHOLE
const [{ weight: _, networks: __, ...STEADY }, DETAILED] = MEMBERS

type MemberInput = (typeof MEMBERS)[number]

const LEFT_OUT = ['pitch', 'quality', 'spectrum', 'cepstrum', 'level'] as const satisfies readonly FeatureGroup[]

/** Half the units and half the batch: less than half of the time. */
const SMALL = { lstmUnits: [64], batchSize: 64 }

/** `robust` with other weights of its networks, of the steady values and of all. */
function weighted(name: string, few: number, all: number, change = {}, variants = ROBUST_VARIANTS): BenchRecipe {
  const members = [
    { ...STEADY, weight: few },
    { ...DETAILED, weight: all },
  ]
  return benchRecipe(name, { ...ROBUST, ...change, members }, variants)
}

/** `robust` with its network of all values changed. */
function detailed(name: string, change: MemberInput, variants = ROBUST_VARIANTS): BenchRecipe {
  return benchRecipe(name, { ...WHOLE, members: [MEMBERS[0], { ...DETAILED, ...change }] }, variants)
}

/** The network of the steady values by itself, with one thing changed. */
function steady(name: string, change: Partial<RunSpecInput> = {}, variants = ROBUST_VARIANTS): BenchRecipe {
  return benchRecipe(name, { ...ROBUST, ...STEADY, ...change }, variants)
}

function without(group: FeatureGroup): FeatureGroup[] {
  return (STEADY.features ?? []).filter((each) => each !== group)
}

/** What `choose.ts` chooses among beside `robust` itself; those that do not help are here too. */
export const CANDIDATES: readonly BenchRecipe[] = [
  weighted('robust: weights 2 : 1', 2, 1),
  weighted('robust: weights 1 : 2', 1, 2),
  weighted('robust: all values alone', 0.001, 1000),
  weighted('small robust: no variants and weights 2 : 1', 2, 1, SMALL, 0),
  weighted('small robust: no variants and weights 1 : 1', 1, 1, SMALL, 0),
  weighted('small robust: no variants and weights 1 : 2', 1, 2, SMALL, 0),
  benchRecipe('robust: 2 variants', WHOLE, 2),
  detailed('robust: 2000 steps for all values', { epochs: 100 }),
  detailed('robust: 2 variants and 2000 steps for all values', { epochs: 100 }, 2),
  detailed('robust: all values under more noise', { noise: 0.5, inputDropout: 0.3 }),
  detailed('robust: all values under more dropout', { dropout: 0.5, inputDropout: 0.2, mixup: 0.3 }),
  benchRecipe(
    'robust: three networks of each',
    { ...WHOLE, members: MEMBERS.map((member) => ({ ...member, networks: 3 })) },
    ROBUST_VARIANTS,
  ),
  benchRecipe('robust: small', { ...WHOLE, ...SMALL }, ROBUST_VARIANTS),
  steady('steady'),
  steady('steady: no variants', {}, 0),
  steady('steady: input noise 0.3', { noise: 0.3 }),
  steady('steady: input noise 2', { noise: 2 }),
  benchRecipe(
    'steady: five networks each without a group',
    { ...ROBUST, members: LEFT_OUT.map((group) => ({ ...STEADY, features: without(group) })) },
    ROBUST_VARIANTS,
  ),
  steady('steady: all values', { features: ROBUST.features ?? [] }),
  steady('small steady: no variants', SMALL, 0),
  { ...steady('small steady: no variants and as of nobody known', SMALL, 0), alsoAlone: true },
  steady('small steady: no variants nor speakers', { ...SMALL, normalisation: 'standard' }, 0),
  ...SEQUENCE_CANDIDATES,
]
