import { clipSchema, nameSchema, textSchema } from '@ser/contracts'
import { listClips } from '@ser/database'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ApiDeps } from './api-deps.ts'
import { pageOf, pageQuery, problems, SECURED } from './response-schemas.ts'

const querySchema = z.strictObject({
  ...pageQuery,
  dataset: nameSchema.optional(),
  label: textSchema.min(1).max(200).optional(),
  speaker: textSchema.min(1).max(200).optional(),
})

export function serveClips({ db }: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/clips',
      {
        schema: {
          tags: ['datasets'],
          operationId: 'listClips',
          summary: 'Clips by dataset and path, a page at a time',
          security: SECURED,
          querystring: querySchema,
          response: { 200: pageOf(clipSchema), ...problems(400) },
        },
      },
      ({ query }) => listClips(db, query, query),
    )
  }
}
