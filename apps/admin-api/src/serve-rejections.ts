import { nameSchema, rejectionSchema } from '@ser/contracts'
import { listRejections } from '@ser/database'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ApiDeps } from './api-deps.ts'
import { pageOf, pageQuery, problems, SECURED } from './response-schemas.ts'

export function serveRejections({ db }: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/rejections',
      {
        schema: {
          tags: ['datasets'],
          operationId: 'listRejections',
          summary: 'Files that were not taken in and clips without a vector, each with its reason',
          security: SECURED,
          querystring: z.strictObject({ ...pageQuery, dataset: nameSchema.optional() }),
          response: { 200: pageOf(rejectionSchema), ...problems(400) },
        },
      },
      ({ query }) => listRejections(db, query, query),
    )
  }
}
