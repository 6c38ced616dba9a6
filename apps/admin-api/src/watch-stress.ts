import type { StressEvaluation } from '@ser/contracts'
import { getStressEvaluation, type Queryable } from '@ser/database'
import { onChange } from './on-change.ts'
import { watchEvents } from './stream-events.ts'

export type StressWatch = { readonly db: Queryable; readonly id: string; readonly signal: AbortSignal }

/** The progress of a stress evaluation: `evaluation` whenever it changes, `end` when it has ended. Each event is the whole of it. */
export function watchStress({ db, id, signal }: StressWatch): AsyncGenerator<string> {
  const changed = onChange()
  return watchEvents<StressEvaluation>({
    signal,
    read: () => getStressEvaluation(db, id),
    tell: (evaluation) => {
      const { status, progress } = evaluation
      const done = status === 'completed' || status === 'failed'
      const events = done
        ? [{ event: 'end', data: evaluation, id: 'end' }]
        : changed(evaluation, `${status}-${progress.done}`, 'evaluation')
      return { events, done }
    },
  })
}
