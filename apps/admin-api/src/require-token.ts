import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { sendProblem } from './answer-problems.ts'
import { problem } from './describe-problem.ts'

/** A hook that lets requests pass that carry the bearer token. Compares hashes, in constant time. */
export function requireToken(token: string) {
  const expected = digest(token)
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const given = /^bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1]
    if (given !== undefined && timingSafeEqual(digest(given), expected)) return undefined
    const detail =
      given === undefined
        ? 'send the token as "Authorization: Bearer TOKEN"; npm run up writes it to .ser/services.json as SER_API_TOKEN'
        : 'the bearer token is not the one that this server was started with'
    return sendProblem(reply, problem(401, 'UNAUTHORIZED', detail))
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
