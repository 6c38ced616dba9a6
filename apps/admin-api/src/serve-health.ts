import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { runChecks } from '@ser/telemetry'
import { z } from 'zod'
import type { ApiDeps } from './api-deps.ts'
import { content } from './response-schemas.ts'

const checksSchema = z.object({ status: z.string(), checks: z.record(z.string(), z.string()) })

/** Liveness, readiness and metrics; without a token, because orchestrators and Prometheus have none. */
export function serveHealth({ db, queues, storage, metrics }: ApiDeps): FastifyPluginAsyncZod {
  const checks = {
    postgres: () => db.query('select 1'),
    redis: () => queues.ping(),
    s3: () => storage.ensureBucket(),
  }
  return async (app) => {
    app.get(
      '/health/live',
      {
        logLevel: 'warn',
        schema: {
          tags: ['operations'],
          operationId: 'getLiveness',
          summary: 'Is the process alive?',
          response: { 200: z.object({ status: z.string() }) },
        },
      },
      () => ({ status: 'ok' }),
    )
    app.get(
      '/health/ready',
      {
        logLevel: 'warn',
        schema: {
          tags: ['operations'],
          operationId: 'getReadiness',
          summary: 'Do Postgres, Redis and the object storage answer?',
          response: { 200: checksSchema, 503: checksSchema },
        },
      },
      async (_request, reply) => {
        const result = await runChecks(checks)
        return reply
          .code(result.ready ? 200 : 503)
          .send({ status: result.ready ? 'ok' : 'unavailable', checks: result.checks })
      },
    )
    app.get(
      '/metrics',
      {
        logLevel: 'warn',
        schema: {
          tags: ['operations'],
          operationId: 'getMetrics',
          summary: 'Metrics of this process and depth of the queues, as Prometheus reads them',
          response: { 200: content('text/plain', z.string(), "Prometheus' text format.") },
        },
      },
      async (_request, reply) =>
        reply.header('content-type', metrics.registry.contentType).send(await metrics.registry.metrics()),
    )
  }
}
