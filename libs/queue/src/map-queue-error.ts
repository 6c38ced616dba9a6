import { SerError } from '@ser/contracts'

/** What BullMQ and Redis throw, as a SerError of kind `transient`: the rows are there, the job can be enqueued again. */
export function mapQueueError(error: unknown): SerError {
  if (error instanceof SerError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new SerError('QUEUE_UNAVAILABLE', `Redis: ${message}`, { kind: 'transient', cause: error })
}
