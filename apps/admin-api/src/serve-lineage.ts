import { clipModelSchema, sha256Schema, sideSchema, versionClipSchema } from '@ser/contracts'
import { listClipModels, listVersionClips, resolveModelVersion } from '@ser/database'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ApiDeps } from './api-deps.ts'
import { pageOf, pageQuery, problems, SECURED } from './response-schemas.ts'
import { versionParams } from './serve-models.ts'

/** Which clips a version was made from, and which versions were made from a clip. */
export function serveLineage({ db }: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/models/:name/versions/:version/clips',
      {
        schema: {
          tags: ['models'],
          operationId: 'listVersionClips',
          summary: 'The clips that a version was trained and tested on, by hash, a page at a time',
          security: SECURED,
          params: versionParams,
          querystring: z.strictObject({ ...pageQuery, side: sideSchema.optional() }),
          response: { 200: pageOf(versionClipSchema), ...problems(400, 404) },
        },
      },
      async ({ params: { name, version }, query }) => {
        const { modelVersion } = await resolveModelVersion(db, { model: name, version })
        return listVersionClips(db, { runId: modelVersion.runId, side: query.side }, query)
      },
    )
    app.get(
      '/clips/:sha256/models',
      {
        schema: {
          tags: ['datasets'],
          operationId: 'listClipModels',
          summary: 'The model versions that used a clip, or variants that were made from it, newest first',
          security: SECURED,
          params: z.object({ sha256: sha256Schema }),
          querystring: z.strictObject(pageQuery),
          response: { 200: pageOf(clipModelSchema), ...problems(400, 404) },
        },
      },
      ({ params, query }) => listClipModels(db, params.sha256, query),
    )
  }
}
