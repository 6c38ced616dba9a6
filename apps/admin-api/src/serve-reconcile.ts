import { nameSchema, reconcileReportSchema, sha256Schema, textSchema } from '@ser/contracts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ApiDeps } from './api-deps.ts'
import { reconcile } from './reconcile.ts'
import { problems, SECURED } from './response-schemas.ts'

const bodySchema = z
  .strictObject({
    dataset: nameSchema.optional(),
    featureSetId: sha256Schema.optional(),
    retryFailed: z
      .boolean()
      .optional()
      .describe('Forget the recorded failures of these clips first, so that they are tried again'),
    code: textSchema.min(1).max(100).optional().describe('With retryFailed: only failures of this code'),
  })
  .refine(({ retryFailed, code }) => retryFailed === true || code === undefined, {
    path: ['code'],
    error: 'says which failures to forget: retryFailed must be true',
  })
  .nullish()
  .describe('What to look at; everything when left out')

export function serveReconcile(deps: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/reconcile',
      {
        schema: {
          tags: ['operations'],
          operationId: 'reconcile',
          summary: 'Find what a stage still owes by the database, and enqueue it',
          security: SECURED,
          body: bodySchema,
          response: { 200: reconcileReportSchema, ...problems(400, 413, 415) },
        },
      },
      ({ body }) => reconcile(deps, body ?? {}),
    )
  }
}
