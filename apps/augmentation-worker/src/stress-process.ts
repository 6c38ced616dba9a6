// A child process that lets a model hear recordings: the parent keeps renewing its job's lock, can end this at any moment, and outlives
// whatever happens here. One of several; each has a core.
import { failureKind } from '@ser/contracts'
import { computeFigures } from './compute-figures.ts'
import { createListener, type Listener } from './hear-recordings.ts'
import type { StressAnswer, StressOrder, StressTask } from './stress-messages.ts'

const answer = createAnswerer()
process.on('message', (task: StressTask) => {
  answer(task)
    .catch(describeFailure)
    .then((said) => process.send?.(said))
    .catch(() => process.exit(1))
})
// The parent was killed: nobody wants the result.
process.once('disconnect', () => process.exit(1))

/** Answers the tasks of the order that came first. */
function createAnswerer(): (task: StressTask) => Promise<StressAnswer> {
  let listening: { readonly order: StressOrder; readonly listener: Listener } | undefined
  return async (task) => {
    if (task.kind === 'order') {
      listening = { order: task, listener: await createListener(task) }
      return { kind: 'ready' }
    }
    if (listening === undefined) throw new TypeError('a task came before its order')
    const { order, listener } = listening
    if (task.kind === 'part') return { kind: 'part', predicted: await listener.hear(task) }
    const { labels } = listener
    const { conditions, seed } = order
    return { kind: 'figures', labels, results: computeFigures(task, { conditions, classes: labels.length, seed }) }
  }
}

function describeFailure(error: unknown): StressAnswer {
  const message = error instanceof Error ? error.message : String(error)
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'STRESS_FAILED'
  return { kind: 'refused', code, message, failure: failureKind(error) }
}
