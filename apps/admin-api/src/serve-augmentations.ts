import { augmentationSchema, augmentRequestSchema, featureSetId, idSchema, nameSchema } from '@ser/contracts'
import { getAugmentation, listAugmentations } from '@ser/database'
import { extractorVersion } from '@ser/features'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ApiDeps } from './api-deps.ts'
import { requestAugmentation } from './request-augmentation.ts'
import { content, pageOf, pageQuery, problems, SECURED } from './response-schemas.ts'
import { sendEvents } from './stream-events.ts'
import { watchAugmentation } from './watch-augmentation.ts'

const idParams = z.object({ id: idSchema })

export function serveAugmentations(deps: ApiDeps, stopping: AbortSignal): FastifyPluginAsyncZod {
  const { db } = deps
  return async (app) => {
    app.post(
      '/augmentations',
      {
        schema: {
          tags: ['augmentations'],
          operationId: 'createAugmentation',
          summary: 'Make variants of the clips of a dataset',
          description:
            'Variants become clips of the dataset `into`, with the label, speaker, word and split of what they were made from. The same clip, recipe, recordings to mix in and seed give the same variants, which are made once.',
          security: SECURED,
          body: augmentRequestSchema,
          response: { 202: augmentationSchema, ...problems(400, 404, 409, 413, 415, 422) },
        },
      },
      async (request, reply) => {
        const augmentation = await requestAugmentation(deps, request.body)
        return reply.code(202).header('location', `/v1/augmentations/${augmentation.id}`).send(augmentation)
      },
    )
    app.get(
      '/augmentations',
      {
        schema: {
          tags: ['augmentations'],
          operationId: 'listAugmentations',
          summary: 'Augmentations, newest first, a page at a time',
          security: SECURED,
          querystring: z.strictObject({ ...pageQuery, dataset: nameSchema.optional() }),
          response: { 200: pageOf(augmentationSchema), ...problems(400) },
        },
      },
      ({ query }) => listAugmentations(db, query, query),
    )
    app.get(
      '/augmentations/:id',
      {
        schema: {
          tags: ['augmentations'],
          operationId: 'getAugmentation',
          summary: 'One augmentation and how far it is',
          security: SECURED,
          params: idParams,
          response: { 200: augmentationSchema, ...problems(400, 404) },
        },
      },
      ({ params }) => getAugmentation(db, params.id),
    )
    app.get(
      '/augmentations/:id/events',
      {
        schema: {
          tags: ['augmentations'],
          operationId: 'watchAugmentation',
          summary: 'Server-sent events: `augmentation` and `features` as they progress, then `end`',
          description:
            'Ends by itself when all variants are there or have a reason why not, and every clip of the dataset that they are in has a vector or a reason why not.',
          security: SECURED,
          params: idParams,
          response: { 200: content('text/event-stream', z.string(), 'Events.'), ...problems(400, 404) },
        },
      },
      async ({ params }, reply) => {
        const { request } = await getAugmentation(db, params.id)
        const stop = new AbortController()
        const signal = AbortSignal.any([stop.signal, stopping])
        const featureSet = featureSetId(request.featureSet, extractorVersion(request.featureSet))
        return sendEvents(reply, watchAugmentation({ db, id: params.id, featureSet, signal }), stop)
      },
    )
  }
}
