import { setImmediate } from 'node:timers/promises'
import { parentPort } from 'node:worker_threads'
import { answerShort } from './answer-short.ts'
import { answerTimeline } from './answer-timeline.ts'
import { loadClassifier, type Classifier } from './load-classifier.ts'
import { createCache } from './create-cache.ts'
import { createStopwatch, type Stopwatch } from './create-stopwatch.ts'
import { refusalOf } from './describe-refusal.ts'
import type { FromThread, Outcome, ThreadAnswer, ThreadTask, ToThread } from './predict-messages.ts'

// Decodes, extracts and classifies, in a thread whose loop nobody else needs.
const answerTask = createThread()
parentPort?.on('message', ({ id, task }: ToThread) => {
  void answerTask(task).then(
    (answer) => tell({ id, answer }),
    (error: unknown) => tell({ id, error }),
  )
})

function tell(message: FromThread): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  parentPort?.postMessage(message)
}

type Held = { readonly classifier: Classifier; users: number; dropped: boolean }

/**
 * Models stay loaded, by the hash of their file. Two tasks may be under way, a short and a long one: the long one pauses between
 * its pieces, so that a clip of two seconds does not wait for an hour.
 */
function createThread(): (task: ThreadTask) => Promise<ThreadAnswer> {
  const models = createCache<string, Held>({
    most: 4,
    drop: (held) => {
      held.dropped = true
      disposeUnused(held)
    },
  })
  const hold = async ({ sha256, model, maxSeconds }: ThreadTask): Promise<Held | undefined> => {
    if (models.get(sha256) === undefined && model !== undefined) {
      const classifier = await loadClassifier(model, maxSeconds)
      // Another task may have brought the same model meanwhile.
      if (models.get(sha256) !== undefined) classifier.dispose()
      else models.set(sha256, { classifier, users: 0, dropped: false })
    }
    return models.get(sha256)
  }
  return async (task) => {
    const stopwatch = createStopwatch()
    let held: Held | undefined
    try {
      held = await hold(task)
    } catch (error) {
      // At least one, so that loading ahead hears of it too.
      const refusal = refusalOf(error)
      return {
        state: 'done',
        outcomes: [refusal, ...task.questions.slice(1).map(() => refusal)],
        spent: stopwatch.read(),
      }
    }
    if (held === undefined) return { state: 'model-needed' }
    held.users += 1
    try {
      const outcomes = await answerOf(task, held.classifier, stopwatch)
      return { state: 'done', outcomes, spent: stopwatch.read() }
    } finally {
      held.users -= 1
      disposeUnused(held)
    }
  }
}

async function answerOf(task: ThreadTask, classifier: Classifier, stopwatch: Stopwatch): Promise<Outcome[]> {
  if (task.lane === 'long') return answerLong(task, classifier, stopwatch)
  const together = { whose: 'one speaker', pause: setImmediate } as const
  return answerShort(task.questions, classifier, stopwatch, task.lane === 'together' ? together : {})
}

async function answerLong(
  { questions, cancelled }: ThreadTask,
  classifier: Classifier,
  stopwatch: Stopwatch,
): Promise<Outcome[]> {
  const isCancelled = () => cancelled !== undefined && Atomics.load(cancelled, 0) === 1
  const outcomes: Outcome[] = []
  for (const question of questions) {
    outcomes.push(await answerTimeline(question, classifier, { stopwatch, pause: setImmediate, isCancelled }))
  }
  return outcomes
}

function disposeUnused({ classifier, users, dropped }: Held): void {
  if (dropped && users === 0) classifier.dispose()
}
