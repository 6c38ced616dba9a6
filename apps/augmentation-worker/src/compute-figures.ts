import type { StressCondition } from '@ser/augmentation'
import type { StressResult } from '@ser/contracts'
import { createRandom, seedFrom } from '@ser/corpus'
import { accuracy, bootstrapIntervals, confusionMatrix, unweightedAverageRecall } from '@ser/metrics'
import type { FiguresTask } from './stress-messages.ts'

const RESAMPLES = 2000
/** Test sides of a hundred thousand have narrow intervals: fewer resamples tell them as well. */
const DRAWS_AT_MOST = 20_000_000
const FEWEST_RESAMPLES = 200

/** The figures under each condition, with 95 % bootstrap intervals over recordings; the same recordings are drawn for every condition. */
export function computeFigures(
  { truth, predicted }: Pick<FiguresTask, 'truth' | 'predicted'>,
  { conditions, classes, seed }: { conditions: readonly StressCondition[]; classes: number; seed: number },
): StressResult[] {
  const resamples = Math.max(FEWEST_RESAMPLES, Math.min(RESAMPLES, Math.floor(DRAWS_AT_MOST / truth.length)))
  return conditions.map((condition, index) => {
    const confusion = confusionMatrix(truth, predicted[index], classes)
    const { below } = createRandom(seedFrom('stress', seed))
    const intervals = bootstrapIntervals(predicted[index], { truth, classes, below, resamples })
    return {
      condition,
      recordings: truth.length,
      accuracy: accuracy(confusion),
      uar: unweightedAverageRecall(confusion),
      intervals: { accuracy: intervals.accuracy, uar: intervals.uar },
      confusion,
    }
  })
}
