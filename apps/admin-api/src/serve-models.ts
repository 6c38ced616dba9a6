import { modelSchema, modelVersionSchema, nameSchema } from '@ser/contracts'
import { getModelVersion, listModels, listModelVersions } from '@ser/database'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ApiDeps } from './api-deps.ts'
import { content, problems, SECURED } from './response-schemas.ts'

const nameParams = z.object({ name: nameSchema })
const versionParams = z.object({
  name: nameSchema,
  version: z.coerce
    .number()
    .int()
    .min(1)
    .max(2 ** 31 - 1),
})

export function serveModels({ db, storage }: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/models',
      {
        schema: {
          tags: ['models'],
          operationId: 'listModels',
          summary: 'Every model with its newest version',
          security: SECURED,
          response: { 200: z.object({ items: z.array(modelSchema) }), ...problems() },
        },
      },
      async () => ({ items: await listModels(db) }),
    )
    app.get(
      '/models/:name/versions',
      {
        schema: {
          tags: ['models'],
          operationId: 'listModelVersions',
          summary: 'The versions of a model, newest first',
          security: SECURED,
          params: nameParams,
          response: { 200: z.object({ items: z.array(modelVersionSchema) }), ...problems(400, 404) },
        },
      },
      async ({ params }) => ({ items: await listModelVersions(db, params.name) }),
    )
    app.get(
      '/models/:name/versions/:version',
      {
        schema: {
          tags: ['models'],
          operationId: 'getModelVersion',
          summary: 'One version',
          security: SECURED,
          params: versionParams,
          response: { 200: modelVersionSchema, ...problems(400, 404) },
        },
      },
      ({ params }) => getModelVersion(db, { model: params.name, version: params.version }),
    )
    app.get(
      '/models/:name/versions/:version/artefact',
      {
        schema: {
          tags: ['models'],
          operationId: 'getModelArtefact',
          summary: 'The model file itself',
          security: SECURED,
          params: versionParams,
          response: { 200: content('application/octet-stream', z.string(), 'The bytes.'), ...problems(400, 404) },
        },
      },
      async ({ params }, reply) => {
        const { artefact } = await getModelVersion(db, { model: params.name, version: params.version })
        const stream = await storage.getStream(artefact.key)
        return reply
          .header('content-type', 'application/octet-stream')
          .header('content-length', artefact.bytes)
          .header('etag', `"${artefact.sha256}"`)
          .header('content-disposition', `attachment; filename="${params.name}-${params.version}.safetensors"`)
          .send(stream)
      },
    )
  }
}
