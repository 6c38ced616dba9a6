import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Problem } from '@ser/contracts'
import { describeProblem, problem } from './describe-problem.ts'

/** Every error of the API leaves as `application/problem+json`. */
export function answerProblems(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    const details = describeProblem(error, request.id)
    if (details.status >= 500) request.log.error({ err: error }, 'request failed')
    else request.log.info({ code: details.code, detail: details.detail }, 'request refused')
    return sendProblem(reply, details)
  })
  app.setNotFoundHandler((request, reply) =>
    sendProblem(reply, problem(404, 'ROUTE_NOT_FOUND', `there is no ${request.method} ${request.url.split('?')[0]}`)),
  )
}

/** Sends problem details; 401 and 503 with the headers that go with them. */
export function sendProblem(reply: FastifyReply, details: Problem): FastifyReply {
  if (details.status === 401) reply.header('www-authenticate', 'Bearer realm="ser"')
  // A prediction takes milliseconds, so the line is soon shorter; a service that is lost takes longer to come back.
  if (details.status === 503) reply.header('retry-after', details.code.startsWith('PREDICTION') ? '1' : '5')
  // Written here, so that no route's response schema can stand in the way of an error.
  return reply
    .code(details.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(details)
}
