import {
  aliasSchema,
  defaultModelSchema,
  nameSchema,
  promotionRequestSchema,
  registryChangeSchema,
  rollbackRequestSchema,
} from '@ser/contracts'
import {
  getDefaultModel,
  getModel,
  listRegistryChanges,
  removeAlias,
  rollBackAlias,
  setDefaultModel,
} from '@ser/database'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ApiDeps } from './api-deps.ts'
import { promote } from './promote.ts'
import { actorHeaders, readActor } from './read-actor.ts'
import { pageOf, pageQuery, problems, SECURED } from './response-schemas.ts'
import { nameParams } from './serve-models.ts'

const reason = rollbackRequestSchema.shape.reason

/** Put a version in use, take it back, and see who did what. Every change is written down for good. */
export function servePromotions(deps: ApiDeps): FastifyPluginAsyncZod {
  const { db } = deps
  return async (app) => {
    app.post(
      '/models/:name/promotions',
      {
        schema: {
          tags: ['models'],
          operationId: 'promoteVersion',
          summary: 'Let an alias name a version; the champion only if it is no worse than the one before',
          description:
            'The candidate for champion is compared with the champion on the recordings that both were tested on. It passes when the whole 95 % interval of the difference (of UAR, unless `figure` says otherwise) lies above minus `margin` (0.02). `force` with a `reason` overrules the gate; both are kept. Of two promotions at once, one wins.',
          security: SECURED,
          params: nameParams,
          headers: actorHeaders,
          body: promotionRequestSchema,
          response: { 201: registryChangeSchema, ...problems(400, 404, 409, 413, 415) },
        },
      },
      async (request, reply) => {
        const asked = { ...request.body, by: readActor(request, request.headers) }
        const change = await promote(deps, request.params.name, asked)
        request.log.info({ change }, 'promoted')
        return reply.code(201).send(change)
      },
    )
    app.get(
      '/models/:name/promotions',
      {
        schema: {
          tags: ['models'],
          operationId: 'listPromotions',
          summary: 'Who put what in use, when and why: promotions, roll-backs and removals, newest first',
          security: SECURED,
          params: nameParams,
          querystring: z.strictObject({ ...pageQuery, alias: aliasSchema.optional() }),
          response: { 200: pageOf(registryChangeSchema), ...problems(400, 404) },
        },
      },
      async ({ params, query }) => {
        const { name: model } = await getModel(db, params.name)
        return listRegistryChanges(db, { model, alias: query.alias }, query)
      },
    )
    app.post(
      '/models/:name/rollbacks',
      {
        schema: {
          tags: ['models'],
          operationId: 'rollBack',
          summary: 'Let an alias name the version that it named before; the next roll-back goes a step further',
          description: 'Sent with `from`, a request that arrives twice rolls back once.',
          security: SECURED,
          params: nameParams,
          headers: actorHeaders,
          body: rollbackRequestSchema.prefault({}),
          response: { 201: registryChangeSchema, ...problems(400, 404, 409, 413, 415) },
        },
      },
      async (request, reply) => {
        const { name: model } = await getModel(db, request.params.name)
        const by = readActor(request, request.headers)
        const { alias, from, reason: why } = request.body
        const change = await rollBackAlias(db, { model, alias, from, by, reason: why })
        request.log.info({ change }, 'rolled back')
        return reply.code(201).send(change)
      },
    )
    await app.register(serveNames(deps))
  }
}

/** Aliases taken away, and the model that answers by default. */
function serveNames({ db }: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.delete(
      '/models/:name/aliases/:alias',
      {
        schema: {
          tags: ['models'],
          operationId: 'removeAlias',
          summary: 'Take an alias away; a model without a champion is answered for by its newest version',
          security: SECURED,
          params: nameParams.extend({ alias: aliasSchema }),
          headers: actorHeaders,
          querystring: z.strictObject({ reason }),
          response: { 200: registryChangeSchema, ...problems(400, 404) },
        },
      },
      async (request) => {
        const { name: model } = await getModel(db, request.params.name)
        const by = readActor(request, request.headers)
        return removeAlias(db, { model, alias: request.params.alias, by, reason: request.query.reason })
      },
    )
    app.put(
      '/default-model',
      {
        schema: {
          tags: ['models'],
          operationId: 'setDefaultModel',
          summary: 'Choose the model that answers when a caller names none',
          security: SECURED,
          headers: actorHeaders,
          body: z.strictObject({ model: nameSchema, reason }),
          response: { 200: defaultModelSchema, ...problems(400, 404, 413, 415) },
        },
      },
      async (request) => {
        const { model, reason: why } = request.body
        await setDefaultModel(db, { model, by: readActor(request, request.headers), reason: why })
        return getDefaultModel(db)
      },
    )
  }
}
