import { randomUUID } from 'node:crypto'
import { featureSetId, idSchema, ingestionSchema, ingestRequestSchema, nameSchema } from '@ser/contracts'
import { createIngestion, getIngestion, listIngestions } from '@ser/database'
import { extractorVersion } from '@ser/features'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ApiDeps } from './api-deps.ts'
import { refuseOutsideRoots } from './refuse-outside-roots.ts'
import { content, pageOf, pageQuery, problems, SECURED } from './response-schemas.ts'
import { sendEvents } from './stream-events.ts'
import { watchIngestion } from './watch-ingestion.ts'

const idParams = z.object({ id: idSchema })

export function serveIngestions(
  { db, queues }: ApiDeps,
  ingestRoots: readonly string[],
  stopping: AbortSignal,
): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/ingestions',
      {
        schema: {
          tags: ['ingestions'],
          operationId: 'createIngestion',
          summary: 'Ingest a dataset from a folder, an archive or an S3 prefix that the ingest app can read',
          security: SECURED,
          body: ingestRequestSchema,
          response: { 202: ingestionSchema, ...problems(400, 413, 415, 422) },
        },
      },
      async (request, reply) => {
        await refuseOutsideRoots(request.body.source, ingestRoots)
        // The row first: should Redis be away, reconcile finds it.
        const id = randomUUID()
        const ingestion = await createIngestion(db, { id, request: request.body })
        await queues.enqueueIngest({ ingestionId: id })
        return reply.code(202).header('location', `/v1/ingestions/${id}`).send(ingestion)
      },
    )
    app.get(
      '/ingestions',
      {
        schema: {
          tags: ['ingestions'],
          operationId: 'listIngestions',
          summary: 'Ingestions, newest first, a page at a time',
          security: SECURED,
          querystring: z.strictObject({ ...pageQuery, dataset: nameSchema.optional() }),
          response: { 200: pageOf(ingestionSchema), ...problems(400) },
        },
      },
      ({ query }) => listIngestions(db, query, query),
    )
    app.get(
      '/ingestions/:id',
      {
        schema: {
          tags: ['ingestions'],
          operationId: 'getIngestion',
          summary: 'One ingestion',
          security: SECURED,
          params: idParams,
          response: { 200: ingestionSchema, ...problems(400, 404) },
        },
      },
      ({ params }) => getIngestion(db, params.id),
    )
    app.get(
      '/ingestions/:id/events',
      {
        schema: {
          tags: ['ingestions'],
          operationId: 'watchIngestion',
          summary: 'Server-sent events: `ingestion` and `features` as they progress, then `end`',
          description:
            'Ends by itself when the ingestion has ended and every clip of its dataset has a vector of its feature set or a reason why not.',
          security: SECURED,
          params: idParams,
          response: { 200: content('text/event-stream', z.string(), 'Events.'), ...problems(400, 404) },
        },
      },
      async ({ params }, reply) => {
        const { request } = await getIngestion(db, params.id)
        const stop = new AbortController()
        const signal = AbortSignal.any([stop.signal, stopping])
        const set = featureSetId(request.featureSet, extractorVersion(request.featureSet))
        return sendEvents(reply, watchIngestion({ db, id: params.id, featureSet: set, signal }), stop)
      },
    )
  }
}
