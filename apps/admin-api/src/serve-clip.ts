import { clipVariantSchema, sha256Schema } from '@ser/contracts'
import { getClip } from '@ser/database'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ApiDeps } from './api-deps.ts'
import { mediaType } from './media-type.ts'
import { content, problems, SECURED } from './response-schemas.ts'

const params = z.object({ sha256: sha256Schema })

const storedClipSchema = z.object({
  sha256: sha256Schema,
  container: z.string(),
  encoding: z.string(),
  sampleRate: z.int(),
  channels: z.int(),
  seconds: z.number(),
  bytes: z.int(),
  /** How it was made, where it is a variant. */
  madeFrom: z.array(clipVariantSchema),
  variants: z.array(clipVariantSchema),
})

export function serveClip({ db, storage }: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/clips/:sha256',
      {
        schema: {
          tags: ['datasets'],
          operationId: 'getClip',
          summary: 'One recording, what it was made from, and the variants that were made from it',
          security: SECURED,
          params,
          response: { 200: storedClipSchema, ...problems(400, 404) },
        },
      },
      (request) => getClip(db, request.params.sha256),
    )
    app.get(
      '/clips/:sha256/audio',
      {
        schema: {
          tags: ['datasets'],
          operationId: 'getClipAudio',
          summary: 'The bytes of a recording',
          security: SECURED,
          params,
          response: { 200: content('audio/*', z.any(), 'The recording as it was taken in.'), ...problems(400, 404) },
        },
      },
      async (request, reply) => {
        const { objectKey, container, bytes } = await getClip(db, request.params.sha256)
        return (
          reply
            .header('content-type', mediaType(container))
            .header('content-length', bytes)
            // Its name is its content, so it never changes.
            .header('cache-control', 'private, max-age=31536000, immutable')
            .send(await storage.getStream(objectKey))
        )
      },
    )
  }
}
