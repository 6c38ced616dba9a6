import type { RegistryActor } from '@ser/database'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'

/** The headers of a request that is written down: for whom it is made. */
export const actorHeaders = z.looseObject({
  'x-ser-actor': z
    .string()
    .regex(/^[\x20-\x7e]{1,200}$/, 'must be 1 to 200 printable ASCII characters')
    .optional()
    .describe('for whom the request is made, to be kept with it: the token says what the server knows'),
})

/** Who makes a request: the token, by its name; and for whom, as the caller says. */
export function readActor(
  request: Pick<FastifyRequest, 'tokenName'>,
  headers: z.output<typeof actorHeaders>,
): RegistryActor {
  return { token: request.tokenName, onBehalfOf: headers['x-ser-actor'] ?? null }
}
