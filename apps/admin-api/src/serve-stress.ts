import { idSchema, nameSchema, stressEvaluationSchema, stressRequestSchema, SerError } from '@ser/contracts'
import { getModelVersion, getStressEvaluation, listStressEvaluations } from '@ser/database'
import { renderStressReport } from '@ser/report'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ApiDeps } from './api-deps.ts'
import { requestStress } from './request-stress.ts'
import { content, problems, SECURED } from './response-schemas.ts'
import { sendEvents } from './stream-events.ts'
import { watchStress } from './watch-stress.ts'

const versionParams = z.object({ name: nameSchema, version: z.coerce.number().int().min(1) })
const params = versionParams.extend({ id: idSchema })
const about = { tags: ['models'], security: SECURED }

export function serveStress(deps: ApiDeps, stopping: AbortSignal): FastifyPluginAsyncZod {
  const { db } = deps
  return async (app) => {
    app.post(
      '/models/:name/versions/:version/stress-evaluations',
      {
        schema: {
          ...about,
          operationId: 'createStressEvaluation',
          summary: 'Evaluate a model version in noise, in rooms, over the telephone and clipped',
          description:
            'On the test recordings of its run, changed on the fly. Recordings of noise and voices that the model was trained with are refused.',
          params: versionParams,
          body: stressRequestSchema,
          response: { 202: stressEvaluationSchema, ...problems(400, 404, 413, 415, 422) },
        },
      },
      async (request, reply) => {
        const { name, version } = request.params
        const evaluation = await requestStress(deps, { model: name, version }, request.body)
        const location = `/v1/models/${name}/versions/${version}/stress-evaluations/${evaluation.id}`
        return reply.code(202).header('location', location).send(evaluation)
      },
    )
    app.get(
      '/models/:name/versions/:version/stress-evaluations',
      {
        schema: {
          ...about,
          operationId: 'listStressEvaluations',
          summary: 'The stress evaluations of a model version, newest first',
          params: versionParams,
          querystring: z.strictObject({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
          response: { 200: z.object({ items: z.array(stressEvaluationSchema) }), ...problems(400, 404) },
        },
      },
      async ({ params: { name, version }, query }) => {
        await getModelVersion(db, { model: name, version })
        return { items: await listStressEvaluations(db, { model: name, version, ...query }) }
      },
    )
    await app.register(serveOneStress(deps, stopping))
  }
}

type Params = z.output<typeof params>

function serveOneStress({ db }: ApiDeps, stopping: AbortSignal): FastifyPluginAsyncZod {
  const read = async ({ id, name, version }: Params) => {
    const evaluation = await getStressEvaluation(db, id)
    if (evaluation.model === name && evaluation.version === version) return evaluation
    const message = `there is no stress evaluation ${id} of ${name}@${version}`
    throw new SerError('STRESS_NOT_FOUND', message, { kind: 'gone', ids: { evaluation: id } })
  }
  return async (app) => {
    app.get(
      '/models/:name/versions/:version/stress-evaluations/:id',
      {
        schema: {
          ...about,
          operationId: 'getStressEvaluation',
          summary: 'One stress evaluation: how far it is, and its figures',
          params,
          response: { 200: stressEvaluationSchema, ...problems(400, 404) },
        },
      },
      (request) => read(request.params),
    )
    app.get(
      '/models/:name/versions/:version/stress-evaluations/:id/events',
      {
        schema: {
          ...about,
          operationId: 'watchStressEvaluation',
          summary: 'Server-sent events: `evaluation` as it progresses, then `end`',
          description: 'Each event is the whole evaluation. Ends by itself when it is completed or has failed.',
          params,
          response: { 200: content('text/event-stream', z.string(), 'Events.'), ...problems(400, 404) },
        },
      },
      async (request, reply) => {
        const { id } = await read(request.params)
        const stop = new AbortController()
        const signal = AbortSignal.any([stop.signal, stopping])
        return sendEvents(reply, watchStress({ db, id, signal }), stop)
      },
    )
    app.get(
      '/models/:name/versions/:version/stress-evaluations/:id/report',
      {
        schema: {
          ...about,
          operationId: 'getStressReport',
          summary: 'The stress evaluation as one self-contained HTML page',
          params,
          response: { 200: content('text/html', z.string(), 'The page.'), ...problems(400, 404) },
        },
      },
      async (request, reply) => {
        const page = renderStressReport(await read(request.params))
        return reply.header('content-type', 'text/html; charset=utf-8').send(page)
      },
    )
  }
}
