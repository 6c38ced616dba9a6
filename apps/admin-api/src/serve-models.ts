import {
  defaultModelSchema,
  modelVersionDetailSchema,
  nameSchema,
  registeredModelSchema,
  registeredVersionSchema,
} from '@ser/contracts'
import {
  describeSnapshot,
  getDefaultModel,
  getModel,
  getModelVersion,
  getRun,
  getVersionDetail,
  listModels,
  listModelVersions,
  listStressEvaluations,
  type Queryable,
} from '@ser/database'
import { renderModelCard, stressMarkdown } from '@ser/report'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ApiDeps } from './api-deps.ts'
import { content, problems, SECURED } from './response-schemas.ts'

export const nameParams = z.object({ name: nameSchema })
export const versionParams = z.object({
  name: nameSchema,
  version: z.coerce
    .number()
    .int()
    .min(1)
    .max(2 ** 31 - 1),
})

/** Models, their versions, and which of them answers. */
export function serveModels(deps: ApiDeps): FastifyPluginAsyncZod {
  const { db } = deps
  return async (app) => {
    app.get(
      '/models',
      {
        schema: {
          tags: ['models'],
          operationId: 'listModels',
          summary: 'Every model with its newest version and what is in use of it',
          security: SECURED,
          response: { 200: z.object({ items: z.array(registeredModelSchema) }), ...problems() },
        },
      },
      async () => ({ items: await listModels(db) }),
    )
    app.get(
      '/models/:name',
      {
        schema: {
          tags: ['models'],
          operationId: 'getModel',
          summary: 'One model with its newest version and what is in use of it',
          security: SECURED,
          params: nameParams,
          response: { 200: registeredModelSchema, ...problems(400, 404) },
        },
      },
      ({ params }) => getModel(db, params.name),
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
          response: { 200: z.object({ items: z.array(registeredVersionSchema) }), ...problems(400, 404) },
        },
      },
      async ({ params }) => ({ items: await listModelVersions(db, params.name) }),
    )
    app.get(
      '/default-model',
      {
        schema: {
          tags: ['models'],
          operationId: 'getDefaultModel',
          summary: 'The model and version that answer when a caller names none',
          security: SECURED,
          response: { 200: defaultModelSchema, ...problems(404) },
        },
      },
      () => getDefaultModel(db),
    )
    await app.register(serveVersion(deps))
  }
}

/** One version in its several shapes. None of them ever changes, but for the aliases. */
function serveVersion({ db, storage }: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/models/:name/versions/:version',
      {
        schema: {
          tags: ['models'],
          operationId: 'getModelVersion',
          summary: 'Everything that a version was made from and was found to do',
          security: SECURED,
          params: versionParams,
          response: { 200: modelVersionDetailSchema, ...problems(400, 404) },
        },
      },
      async ({ params: { name, version } }) => {
        const detail = await getVersionDetail(db, { model: name, version })
        const path = `/v1/models/${name}/versions/${version}`
        const run = `/v1/runs/${detail.runId}`
        const links = {
          run,
          report: `${run}/report`,
          card: `${path}/card`,
          clips: `${path}/clips`,
          artefact: `${path}/artefact`,
          promotions: `/v1/models/${name}/promotions`,
        }
        return { ...detail, links }
      },
    )
    app.get(
      '/models/:name/versions/:version/card',
      {
        schema: {
          tags: ['models'],
          operationId: 'getModelCard',
          summary: 'What the version is, what it can do and what not, for people: Markdown',
          security: SECURED,
          params: versionParams,
          response: { 200: content('text/markdown', z.string(), 'The card.'), ...problems(400, 404) },
        },
      },
      async ({ params: { name, version } }, reply) => {
        const detail = await getVersionDetail(db, { model: name, version })
        const [run, snapshot] = [await getRun(db, detail.runId), await describeSnapshot(db, detail.runId)]
        const stress = await findStressTable(db, name, version)
        return reply
          .header('content-type', 'text/markdown; charset=utf-8')
          .send(renderModelCard({ version: detail, run, snapshot, ...(stress === undefined ? {} : { stress }) }))
      },
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

/** The newest completed stress evaluation of a version, as a Markdown table. */
async function findStressTable(db: Queryable, model: string, version: number): Promise<string | undefined> {
  const [newest] = await listStressEvaluations(db, { model, version, status: 'completed', limit: 1 })
  return newest === undefined ? undefined : stressMarkdown(newest)
}
