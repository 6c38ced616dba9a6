import { queueCountsSchema, STAGE_NAMES } from '@ser/contracts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ApiDeps } from './api-deps.ts'
import { problems, SECURED } from './response-schemas.ts'

const params = z.object({ name: z.enum(STAGE_NAMES) })

export function serveQueues({ queues }: ApiDeps): FastifyPluginAsyncZod {
  const countsOf = async (name: string) => (await queues.counts()).find((counts) => counts.name === name)!
  return async (app) => {
    app.get(
      '/queues',
      {
        schema: {
          tags: ['operations'],
          operationId: 'listQueues',
          summary: 'Jobs of each queue by state',
          security: SECURED,
          response: { 200: z.object({ items: z.array(queueCountsSchema) }), ...problems() },
        },
      },
      async () => ({ items: await queues.counts() }),
    )
    app.post(
      '/queues/:name/pause',
      {
        schema: {
          tags: ['operations'],
          operationId: 'pauseQueue',
          summary: 'Stop handing out jobs; those that run go on',
          security: SECURED,
          params,
          response: { 200: queueCountsSchema, ...problems(400) },
        },
      },
      async (request) => {
        await queues.pause(request.params.name)
        return countsOf(request.params.name)
      },
    )
    app.post(
      '/queues/:name/resume',
      {
        schema: {
          tags: ['operations'],
          operationId: 'resumeQueue',
          summary: 'Hand out jobs again',
          security: SECURED,
          params,
          response: { 200: queueCountsSchema, ...problems(400) },
        },
      },
      async (request) => {
        await queues.resume(request.params.name)
        return countsOf(request.params.name)
      },
    )
    app.post(
      '/queues/:name/retry-failed',
      {
        schema: {
          tags: ['operations'],
          operationId: 'retryFailedJobs',
          summary: 'Put failed jobs back',
          security: SECURED,
          params,
          response: { 200: z.object({ retried: z.int() }), ...problems(400) },
        },
      },
      async (request) => ({ retried: await queues.retryFailed(request.params.name) }),
    )
  }
}
