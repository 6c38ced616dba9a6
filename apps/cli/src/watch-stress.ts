import { stressEvaluationSchema, type StressEvaluation } from '@ser/contracts'
import type { CommandContext } from './command-context.ts'
import { followEvents } from './follow-events.ts'

/** Shows the progress of a stress evaluation until it has ended, and returns how. */
export function watchStress(context: CommandContext, path: string): Promise<StressEvaluation> {
  return followEvents(context, {
    path: `${path}/events`,
    endSchema: stressEvaluationSchema,
    show(progress) {
      const recordings = progress.bar('recordings')
      const update = (value: unknown) => {
        const { done, recordings: all } = stressEvaluationSchema.parse(value).progress
        recordings.update(done, all)
      }
      return { evaluation: update, end: update }
    },
  })
}
