import { featureSetSchema } from '@ser/contracts'
import { listFeatureSets } from '@ser/database'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ApiDeps } from './api-deps.ts'
import { problems, SECURED } from './response-schemas.ts'

export function serveFeatureSets({ db }: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/feature-sets',
      {
        schema: {
          tags: ['datasets'],
          operationId: 'listFeatureSets',
          summary: 'Every feature set: its parameters, the extractor that computed it, its number of vectors',
          security: SECURED,
          response: { 200: z.object({ items: z.array(featureSetSchema) }), ...problems() },
        },
      },
      async () => ({ items: await listFeatureSets(db) }),
    )
  }
}
