import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { sendProblem } from './answer-problems.ts'
import { problem } from './describe-problem.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The name of the token that the request carries; empty where none is asked for. */
    tokenName: string
  }
}

/**
 * A hook that lets requests pass that carry one of the bearer tokens, and remembers which. Compares hashes, all of them and in constant
 * time.
 *
 * @param tokens token by name
 */
export function requireToken(tokens: Readonly<Record<string, string>>) {
  const expected = Object.entries(tokens).map(([name, token]) => ({ name, hash: digest(token) }))
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const given = /^bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1]
    const hash = given === undefined ? undefined : digest(given)
    const matching = expected.filter((token) => hash !== undefined && timingSafeEqual(hash, token.hash))
    if (matching.length > 0) {
      request.tokenName = matching[0].name
      return undefined
    }
    const detail =
      given === undefined
        ? 'send the token as "Authorization: Bearer TOKEN"; npm run up writes it to .ser/services.json as SER_API_TOKEN'
        : 'the bearer token is not one that this server was started with'
    return sendProblem(reply, problem(401, 'UNAUTHORIZED', detail))
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
