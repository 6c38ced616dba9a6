import type { z } from 'zod'
import type { CommandContext } from './command-context.ts'
import { readEvents } from './read-events.ts'
import { showProgress, type Progress } from './show-progress.ts'

export type EventStream<End> = {
  readonly path: string
  /** Makes the bars; gives what is done with the value of an event, by its name. */
  readonly show: (progress: Progress) => Readonly<Record<string, (value: unknown) => void>>
  /** Of the value of the last event, `end`. */
  readonly endSchema: z.ZodType<End>
}

/** Shows the progress of which a stream of events tells until it ends, and returns what the last one says. */
export async function followEvents<End>(
  { client, terminal, signal }: CommandContext,
  { path, show, endSchema }: EventStream<End>,
): Promise<End> {
  const progress = showProgress(terminal)
  const updates = show(progress)
  try {
    for await (const { event = 'message', data } of readEvents(client, path, signal)) {
      const value: unknown = JSON.parse(data)
      updates[event]?.(value)
      if (event === 'end') return endSchema.parse(value)
    }
  } finally {
    progress.stop()
  }
  throw new Error('an event stream ended without its last event')
}
