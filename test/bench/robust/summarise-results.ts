import { accuracy, meanInterval, unweightedAverageRecall, type MeanInterval } from '@ser/metrics'
import { groupBy } from './group-by.ts'
import type { Result } from './results-file.ts'

/** A line of the table: over the seeds, of each recipe. */
export type TableRow = {
  readonly task: string
  readonly name: string
  /** `clean`, a noise and its SNR, or how many recordings of the speaker the statistics are of. */
  readonly condition: string
  readonly figures: Readonly<Record<string, { readonly uar: MeanInterval; readonly accuracy: MeanInterval }>>
}

/** Folds of one seed count as one test: their confusion matrices are added. */
export function summarise(results: readonly Result[]): TableRow[] {
  const rows = groupBy(results, ({ task, name, variant, known }) => JSON.stringify([task, name, variant, known]))
  return Array.from(rows.values(), (ofRow) => {
    const [{ task, name, variant, known }] = ofRow
    const recipes = groupBy(ofRow, ({ recipe }) => recipe)
    const figures = Array.from(recipes, ([recipe, ofRecipe]) => {
      const seeds = groupBy(ofRecipe, ({ seed }) => seed)
      const confusions = Array.from(seeds.values(), (ofSeed) => addUp(ofSeed.map(({ confusion }) => confusion)))
      const uar = meanInterval(confusions.map(unweightedAverageRecall))
      return [recipe, { uar, accuracy: meanInterval(confusions.map(accuracy)) }] as const
    })
    const condition = known === undefined ? describe(variant) : `${known} known`
    return { task, name, condition, figures: Object.fromEntries(figures) }
  }).toSorted((a, b) => `${a.task} ${a.name}`.localeCompare(`${b.task} ${b.name}`))
}

function describe(variant: string): string {
  return variant === 'clean' ? variant : `${variant} dB`
}

export function addUp(confusions: readonly (readonly (readonly number[])[])[]): number[][] {
  const [first, ...others] = confusions
  return first.map((row, i) => row.map((count, j) => others.reduce((sum, other) => sum + other[i][j], count)))
}

/** A Markdown table: UAR and accuracy in percent, each with the half width of its interval. */
export function tableLines(rows: readonly TableRow[], recipes: readonly string[]): string[] {
  const heads = recipes.flatMap((recipe) => [`${recipe}, UAR`, `${recipe}, accuracy`])
  const lines = rows.map(({ task, name, condition, figures }) => {
    const cells = recipes.flatMap((recipe) => {
      const { [recipe]: of } = figures
      return of === undefined ? ['', ''] : [percent(of.uar), percent(of.accuracy)]
    })
    return [`(${task})`, name, condition, ...cells]
  })
  return [['task', 'what', 'condition', ...heads], ['---', '---', '---', ...heads.map(() => '---:')], ...lines].map(
    (cells) => `| ${cells.join(' | ')} |`,
  )
}

export function percent({ mean, interval }: MeanInterval): string {
  const reach = interval === undefined ? '' : ` ± ${(100 * (interval.high - mean)).toFixed(1)}`
  return `${(100 * mean).toFixed(1)}${reach}`
}
