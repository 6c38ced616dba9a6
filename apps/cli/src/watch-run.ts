import { epochSchema, runSchema, type Epoch, type Run, totalEpochs } from '@ser/contracts'
import { percent } from '@ser/report/text'
import type { CommandContext } from './command-context.ts'
import { followEvents } from './follow-events.ts'

/** Shows the epochs of a run as they come until it ends, and returns it. */
export function watchRun(context: CommandContext, { id, spec }: Pick<Run, 'id' | 'spec'>): Promise<Run> {
  return followEvents(context, {
    path: `/v1/runs/${id}/events`,
    endSchema: runSchema,
    show(progress) {
      const bar = progress.bar('epochs')
      return {
        epoch(value) {
          const epoch = epochSchema.parse(value)
          bar.update(epoch.epoch, totalEpochs(spec), describeEpoch(epoch))
        },
      }
    },
  })
}

function describeEpoch(epoch: Epoch): string {
  const { waitedSeconds = 0 } = epoch
  // Less is not worth a word: then the variants are there before they are needed.
  const waited = waitedSeconds < 0.1 ? '' : `, waited ${waitedSeconds.toFixed(1)} s for variants`
  return `loss ${epoch.trainLoss.toFixed(3)} (test ${epoch.testLoss.toFixed(3)}), accuracy ${percent(epoch.trainAccuracy)} (test ${percent(epoch.testAccuracy)})${waited}`
}
