import {
  idSchema,
  nameSchema,
  runSchema,
  runSpecSchema,
  runSummarySchema,
  SerError,
  sha256Schema,
} from '@ser/contracts'
import { getModelVersion, getRun, getRunSummary, listRuns, requestRunCancel } from '@ser/database'
import { renderRunReport } from '@ser/report'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ApiDeps } from './api-deps.ts'
import { requestRun } from './request-run.ts'
import { content, pageOf, pageQuery, problems, SECURED } from './response-schemas.ts'
import { sendEvents } from './stream-events.ts'
import { PREDICTION_MEDIA_TYPES, streamPredictions } from './stream-predictions.ts'
import { lastEpochSeen, watchRun } from './watch-run.ts'

const idParams = z.object({ id: idSchema })
const listQuery = z.strictObject({
  ...pageQuery,
  status: runSummarySchema.shape.status.optional(),
  experiment: nameSchema.optional().describe('only runs of this experiment'),
  specHash: sha256Schema.optional().describe('only runs of the spec with this hash'),
})
const createQuery = z.strictObject({ experiment: nameSchema.optional().describe('the experiment that it is part of') })
const predictionsQuery = z.strictObject({ format: z.enum(['jsonl', 'csv']).default('jsonl') })

export function serveRuns(deps: ApiDeps, stopping: AbortSignal): FastifyPluginAsyncZod {
  const { db } = deps
  return async (app) => {
    app.post(
      '/runs',
      {
        schema: {
          tags: ['runs'],
          operationId: 'createRun',
          summary: 'Train a model',
          security: SECURED,
          querystring: createQuery,
          body: runSpecSchema,
          response: { 202: runSchema, ...problems(400, 404, 413, 415, 422) },
        },
      },
      async (request, reply) => {
        const run = await requestRun(deps, request.body, request.query.experiment)
        return reply.code(202).header('location', `/v1/runs/${run.id}`).send(run)
      },
    )
    app.get(
      '/runs',
      {
        schema: {
          tags: ['runs'],
          operationId: 'listRuns',
          summary: 'Runs, newest first, a page at a time',
          security: SECURED,
          querystring: listQuery,
          response: { 200: pageOf(runSummarySchema), ...problems(400) },
        },
      },
      ({ query }) => listRuns(db, query, query),
    )
    app.get(
      '/runs/:id',
      {
        schema: {
          tags: ['runs'],
          operationId: 'getRun',
          summary: 'One run with its epochs and evaluation',
          security: SECURED,
          params: idParams,
          response: { 200: runSchema, ...problems(400, 404) },
        },
      },
      ({ params }) => getRun(db, params.id),
    )
    app.post(
      '/runs/:id/cancel',
      {
        schema: {
          tags: ['runs'],
          operationId: 'cancelRun',
          summary: 'Stop a run, within a second when a trainer has it',
          security: SECURED,
          params: idParams,
          response: { 202: runSchema, ...problems(400, 404, 409) },
        },
      },
      async ({ params }, reply) => {
        await requestRunCancel(db, params.id)
        return reply.code(202).send(await getRun(db, params.id))
      },
    )
    await app.register(serveRunViews(deps, stopping))
  }
}

/** The other shapes of a run: a stream of its epochs, and a page. */
function serveRunViews({ db }: ApiDeps, stopping: AbortSignal): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/runs/:id/events',
      {
        schema: {
          tags: ['runs'],
          operationId: 'watchRun',
          summary: 'Server-sent events: `run` with each status, `epoch` with each epoch, then `end` with the run',
          description:
            'Epochs that are done already come first; Last-Event-ID goes on after that epoch. Ends by itself.',
          security: SECURED,
          params: idParams,
          response: { 200: content('text/event-stream', z.string(), 'Events.'), ...problems(400, 404) },
        },
      },
      async ({ params, headers }, reply) => {
        await getRun(db, params.id)
        const stop = new AbortController()
        const signal = AbortSignal.any([stop.signal, stopping])
        const after = lastEpochSeen(headers['last-event-id'])
        return sendEvents(reply, watchRun({ db, id: params.id, after, signal }), stop)
      },
    )
    app.get(
      '/runs/:id/report',
      {
        schema: {
          tags: ['runs'],
          operationId: 'getRunReport',
          summary: 'The run as one self-contained HTML page',
          security: SECURED,
          params: idParams,
          response: { 200: content('text/html', z.string(), 'The page.'), ...problems(400, 404) },
        },
      },
      async ({ params }, reply) => {
        const run = await getRun(db, params.id)
        const made = run.version
        const version = made === null ? undefined : await getModelVersion(db, made)
        const extras =
          version === undefined
            ? {}
            : { version, predictCommand: `npx ser predict recording.wav --model ${version.model}@${version.version}` }
        return reply.header('content-type', 'text/html; charset=utf-8').send(renderRunReport(run, extras))
      },
    )
    app.get(
      '/runs/:id/predictions',
      {
        schema: {
          tags: ['runs'],
          operationId: 'listRunPredictions',
          summary: 'What a completed run says of each clip of its test side, as JSON lines or CSV',
          description:
            'Each with the clip, its dataset, speaker and condition (clean, or what was done to it), true and predicted label, and the probability of each label. By the SHA-256 of the clips. Empty for runs from before predictions were kept.',
          security: SECURED,
          params: idParams,
          querystring: predictionsQuery,
          response: {
            200: {
              description: 'The predictions.',
              content: {
                'application/jsonl': { schema: z.string() },
                'text/csv': { schema: z.string() },
              },
            },
            ...problems(400, 404, 409),
          },
        },
      },
      async ({ params, query }, reply) => {
        const { evaluation } = await getRunSummary(db, params.id)
        if (evaluation === null) {
          const message = 'the run has not completed: only what has been evaluated has predictions'
          throw new SerError('RUN_NOT_COMPLETED', message, { kind: 'conflict', ids: { run: params.id } })
        }
        const { format } = query
        const lines = streamPredictions(db, params.id, { labels: evaluation.labels, format })
        return reply.header('content-type', PREDICTION_MEDIA_TYPES[format]).send(lines)
      },
    )
  }
}
