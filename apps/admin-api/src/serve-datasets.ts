import { datasetSchema, featureProgressSchema, nameSchema } from '@ser/contracts'
import { listDatasets, listFeatureProgress } from '@ser/database'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ApiDeps } from './api-deps.ts'
import { problems, SECURED } from './response-schemas.ts'

export function serveDatasets({ db }: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/datasets',
      {
        schema: {
          tags: ['datasets'],
          operationId: 'listDatasets',
          summary: 'Every dataset',
          security: SECURED,
          response: { 200: z.object({ items: z.array(datasetSchema) }), ...problems() },
        },
      },
      async () => ({ items: await listDatasets(db) }),
    )
    app.get(
      '/datasets/:name/progress',
      {
        schema: {
          tags: ['datasets'],
          operationId: 'listFeatureProgress',
          summary: 'How far the feature vectors of a dataset are, by feature set',
          security: SECURED,
          params: z.object({ name: nameSchema }),
          response: { 200: z.object({ items: z.array(featureProgressSchema) }), ...problems(400, 404) },
        },
      },
      async ({ params }) => ({ items: await listFeatureProgress(db, params.name) }),
    )
  }
}
