import { epochSchema, runSchema, type Epoch, type Run, totalEpochs } from '@ser/contracts'
import { percent } from '@ser/report'
import type { ApiClient } from './api-client.ts'
import { readEvents } from './read-events.ts'
import { showProgress } from './show-progress.ts'
import type { Terminal } from './terminal.ts'

/** Shows the epochs of a run as they come until it ends, and returns it. */
export async function watchRun(
  client: ApiClient,
  { id, spec }: Pick<Run, 'id' | 'spec'>,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Run> {
  const progress = showProgress(terminal)
  const bar = progress.bar('epochs')
  try {
    for await (const { event, data } of readEvents(client, `/v1/runs/${id}/events`, signal)) {
      const value: unknown = JSON.parse(data)
      if (event === 'epoch') {
        const epoch = epochSchema.parse(value)
        bar.update(epoch.epoch, totalEpochs(spec), describeEpoch(epoch))
      }
      if (event === 'end') return runSchema.parse(value)
    }
  } finally {
    progress.stop()
  }
  throw new Error('an event stream ended without its last event')
}

function describeEpoch(epoch: Epoch): string {
  return `loss ${epoch.trainLoss.toFixed(3)} (test ${epoch.testLoss.toFixed(3)}), accuracy ${percent(epoch.trainAccuracy)} (test ${percent(epoch.testAccuracy)})`
}
