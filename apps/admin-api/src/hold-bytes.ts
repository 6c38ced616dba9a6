import { SerError } from '@ser/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'

export type HoldOptions = {
  /** What the bodies of all requests may have together, in bytes. */
  readonly most: number
  /** What a body is taken for that does not say its length. */
  readonly unsaid: number
}

/**
 * A hook that bounds the memory of uploads: a request waits for nothing, but is told to come again (PREDICTIONS_BUSY) when its body would
 * be too much beside those that are there already.
 */
export function holdBytes({ most, unsaid }: HoldOptions) {
  let held = 0
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const said = Number(request.headers['content-length'] ?? Number.NaN)
    // What is larger than one body may be is refused for that.
    const bytes = Math.min(Number.isFinite(said) ? said : unsaid, unsaid)
    if (held + bytes > most) {
      const message = `recordings of ${Math.round(held / 2 ** 20)} MiB are being worked on already; try again in a moment`
      throw new SerError('PREDICTIONS_BUSY', message, { kind: 'transient' })
    }
    held += bytes
    reply.raw.once('close', () => {
      held -= bytes
    })
  }
}
