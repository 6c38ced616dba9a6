import type { SplitSpec } from '@ser/contracts'
import { splitClips, TEST_SIDE, TRAIN_SIDE } from '@ser/corpus'
import { testVoices } from './read-noises.ts'
import type { Recording } from './read-recordings.ts'
import { TEST_VARIANTS, type Variant } from './vary-recording.ts'

/** One line of the table: what is tested, and in what. */
export type TestSet = {
  /** `v`: validation inside a training side, by which settings are chosen. */
  readonly task: Task | 'v'
  readonly name: string
  readonly variant: Variant
  readonly recordings: readonly Recording[]
  /** Of how many of a speaker's recordings the statistics are known; absent: all that are tested. */
  readonly known?: number
}
export const TASKS = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const
export type Task = (typeof TASKS)[number]

/** A model that is trained once and tested on all that is asked of its training side. */
export type Fit = { readonly name: string; readonly train: readonly Recording[]; readonly tests: readonly TestSet[] }

export type Corpora = { readonly tess: readonly Recording[]; readonly ravdess: readonly Recording[] }

/** TESS's own share of the paper: 700 of 2800. */
const TEST_SHARE = 0.25
const TEST_WORDS = 40
const FOLDS = 4
/** How few recordings of a speaker the statistics are tried with. */
const FEW = [1, 3, 10]

/**
 * The fits by which settings are chosen. `fold K` and `O>Y`, `Y>O` are those of the table, without anything that mixes the corpora: what
 * is tested on one corpus is chosen on the other. `inside` holds recordings of the training side of (a) out, and hears them clean and in
 * a variant of the kind that is trained on, with backgrounds of the training half.
 */
export function planInnerFits(corpora: Corpora, seed: number): Fit[] {
  const strangers = planFits(corpora, seed, ['c', 'f']).filter(({ name }) => !name.includes('R>'))
  const { train } = divide(corpora.tess, { by: 'clip', test: TEST_SHARE }, seed)
  const inside = divide(train, { by: 'clip', test: TEST_SHARE }, seed)
  const tests = (['clean', 'train-3'] as const).map((variant): TestSet => ({
    task: 'v',
    name: 'TESS',
    variant,
    recordings: inside.test,
  }))
  return [...strangers, { name: 'inside', train: inside.train, tests }]
}

/** The fits of a seed, with the tests of the tasks that are asked for; a fit without tests is left out. */
export function planFits({ tess, ravdess }: Corpora, seed: number, tasks: readonly Task[]): Fit[] {
  const random = divide(tess, { by: 'clip', test: TEST_SHARE }, seed)
  const words = divide(tess, { by: 'word', test: TEST_WORDS }, seed)
  const clean = (task: Task, name: string, recordings: readonly Recording[]): TestSet[] => [
    { task, name, variant: 'clean', recordings },
  ]
  const strange = (task: Task, name: string, recordings: readonly Recording[]): TestSet[] =>
    [undefined, ...FEW].flatMap((known) =>
      clean(task, name, recordings).map((test) => (known === undefined ? test : { ...test, known })),
    )
  const noisy = (task: Task, name: string, recordings: readonly Recording[]): TestSet[] =>
    TEST_VARIANTS.map((variant) => ({ task, name, variant, recordings: recordings.filter(isHeardInNoise) }))
  const all = [...tess, ...ravdess]
  const strangers = [
    ['OAF', 'YAF'],
    ['YAF', 'OAF'],
  ].flatMap(([, tested]) => {
    const aside = testVoices(ravdess)
    const alone = divide(tess, { by: 'speaker', test: [tested] }, seed)
    const more = divide(all, { by: 'speaker', test: [tested, ...aside] }, seed)
    const subset = random.test.filter(({ speaker }) => speaker === tested)
    return [
      { from: alone, label: tested === 'YAF' ? 'O>Y' : 'Y>O' },
      { from: more, label: tested === 'YAF' ? 'OR>Y' : 'YR>O' },
    ].map(({ from, label }) => {
      const recordings = from.test.filter(({ speaker }) => speaker === tested)
      return {
        name: label,
        train: from.train,
        tests: [...strange('c', label, recordings), ...noisy('e', label, subset)],
      }
    })
  })
  const folds = Array.from({ length: FOLDS }, (_, index) => {
    const { train, test } = divide(ravdess, { by: 'speaker-fold', folds: FOLDS, fold: index + 1 }, seed)
    return { name: `fold ${index + 1}`, train, tests: strange('f', 'RAVDESS', test) }
  })
  const fits: Fit[] = [
    {
      name: 'random',
      train: random.train,
      tests: [...clean('a', 'TESS', random.test), ...noisy('d', 'TESS', random.test)],
    },
    { name: 'words', train: words.train, tests: clean('b', 'TESS', words.test) },
    ...strangers,
    ...folds,
    ...(['ravdess', 'tess'] as const).map((tested) => {
      const { train, test } = divide(all, { by: 'dataset', test: [tested] }, seed)
      const name = tested === 'ravdess' ? 'T>R' : 'R>T'
      return { name, train, tests: clean('g', name, test) }
    }),
  ]
  const asked = fits.map((fit) => ({
    ...fit,
    tests: fit.tests.filter(({ task }) => tasks.some((each) => each === task)),
  }))
  return asked.filter(({ tests }) => tests.length > 0)
}

/** Three in eight, the same ones for every seed: what is tested in noise needs a vector for each noise. */
function isHeardInNoise({ sha256 }: Recording): boolean {
  return Number.parseInt(sha256.slice(0, 2), 16) < 96
}

/** The product's own division; it refuses a leak. */
function divide(recordings: readonly Recording[], spec: SplitSpec, seed: number) {
  const { sides } = splitClips(recordings, spec, seed)
  const on = (side: number) => recordings.filter((_, index) => sides[index] === side)
  return { train: on(TRAIN_SIDE), test: on(TEST_SIDE) }
}
