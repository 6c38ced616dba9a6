import { accuracy, meanInterval, unweightedAverageRecall, type MeanInterval } from '@ser/metrics'
import { groupBy } from './group-by.ts'
import type { Result } from './results-file.ts'
import { addUp, percent } from './summarise-results.ts'

/** How a candidate does where nothing is tested that its settings are for. */
export type Scores = {
  readonly recipe: string
  /** UAR over RAVDESS's folds by actor: chooses for what is tested on TESS. */
  readonly ravdess: MeanInterval
  /** UAR of each actress by the other, their mean: chooses for what is tested on RAVDESS. */
  readonly tess: MeanInterval
  /** Accuracy for known voices in the noise of the training side. */
  readonly noise: MeanInterval
  /** UAR with one recording of a speaker, the mean over both corpora. */
  readonly single: MeanInterval
}
export type Choice = { readonly tess: string; readonly ravdess: string; readonly shipped: string }

/** One figure a seed, of each candidate. */
export function scoreCandidates(results: readonly Result[]): Scores[] {
  return Array.from(
    groupBy(results, ({ recipe }) => recipe),
    ([recipe, ofRecipe]) => {
      const seeds = Array.from(groupBy(ofRecipe, ({ seed }) => seed).values(), scoreSeed)
      const over = (pick: (seed: ReturnType<typeof scoreSeed>) => number) => meanInterval(seeds.map(pick))
      return {
        recipe,
        ravdess: over(({ ravdess }) => ravdess),
        tess: over(({ tess }) => tess),
        noise: over(({ noise }) => noise),
        single: over(({ single }) => single),
      }
    },
  )
}

/**
 * The best mean of a corpus's strangers and of known voices in noise; the tested corpus is not looked at. What ships has the best mean of
 * all three.
 */
export function choose(scores: readonly Scores[]): Choice {
  const best = (...kinds: readonly ('ravdess' | 'tess' | 'noise')[]) => {
    const total = (each: Scores) => kinds.reduce((sum, kind) => sum + each[kind].mean, 0)
    return scores.toSorted((a, b) => total(b) - total(a))[0].recipe
  }
  return { tess: best('ravdess', 'noise'), ravdess: best('tess', 'noise'), shipped: best('ravdess', 'tess', 'noise') }
}

/** A Markdown table, and the choice. */
export function scoreLines(scores: readonly Scores[]): string[] {
  const { tess, ravdess, shipped } = choose(scores)
  const lines = scores.map((each) =>
    [each.recipe, ...[each.ravdess, each.tess, each.noise, each.single].map(percent)].join(' | '),
  )
  return [
    '| candidate | RAVDESS, UAR | TESS, UAR | in noise, accuracy | one recording, UAR |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...lines.map((line) => `| ${line} |`),
    '',
    `for what is tested on TESS: ${tess}; on RAVDESS: ${ravdess}; to ship: ${shipped}`,
  ]
}

function scoreSeed(results: readonly Result[]) {
  // To a model that does not normalise by speaker it is all the same how many recordings are known.
  const isNormalised = results.some((result) => result.known !== undefined)
  const uarOf = (name: string, known?: number) => {
    const of = results.filter(
      (result) =>
        result.name === name && result.variant === 'clean' && result.known === (isNormalised ? known : undefined),
    )
    return unweightedAverageRecall(addUp(of.map(({ confusion }) => confusion)))
  }
  const tessOf = (known?: number) => (uarOf('O>Y', known) + uarOf('Y>O', known)) / 2
  const inside = results.filter(({ task, variant }) => task === 'v' && variant !== 'clean')
  return {
    ravdess: uarOf('RAVDESS'),
    tess: tessOf(),
    noise: accuracy(addUp(inside.map(({ confusion }) => confusion))),
    single: (uarOf('RAVDESS', 1) + tessOf(1)) / 2,
  }
}
