import { stressEvaluationSchema, type StressEvaluation } from '@ser/contracts'
import type { ApiClient } from './api-client.ts'
import { readEvents } from './read-events.ts'
import { showProgress } from './show-progress.ts'
import type { Terminal } from './terminal.ts'

/** Shows the progress of a stress evaluation until it has ended, and returns how. */
export async function watchStress(
  client: ApiClient,
  path: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<StressEvaluation> {
  const progress = showProgress(terminal)
  const recordings = progress.bar('recordings')
  try {
    for await (const { event, data } of readEvents(client, `${path}/events`, signal)) {
      const evaluation = stressEvaluationSchema.parse(JSON.parse(data))
      recordings.update(evaluation.progress.done, evaluation.progress.recordings)
      if (event === 'end') return evaluation
    }
  } finally {
    progress.stop()
  }
  throw new Error('an event stream ended without its last event')
}
