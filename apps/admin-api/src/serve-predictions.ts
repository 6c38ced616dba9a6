import multipart from '@fastify/multipart'
import { nameSchema, predictionSchema, SerError } from '@ser/contracts'
import { getModelVersion } from '@ser/database'
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ApiDeps, ApiOptions } from './api-deps.ts'
import { problems, SECURED } from './response-schemas.ts'

const querySchema = z
  .strictObject({
    model: nameSchema.optional().describe('default: the model version that was made last, of any name'),
    version: z.coerce
      .number()
      .int()
      .min(1)
      .max(2 ** 31 - 1)
      .optional()
      .describe('default: the newest'),
  })
  .refine(({ model, version }) => model !== undefined || version === undefined, {
    path: ['version'],
    message: 'a version needs a model',
  })

/** A recording in, seven probabilities out. What it is is read from its bytes; the media type only says that it is one. */
export function servePredictions({ db, predictor }: ApiDeps, { recordingBytes }: ApiOptions): FastifyPluginAsyncZod {
  return async (app) => {
    const bounded = { parseAs: 'buffer', bodyLimit: recordingBytes } as const
    for (const type of [/^audio\//, 'application/octet-stream'])
      app.addContentTypeParser(type, bounded, async (_request: FastifyRequest, body: Buffer) => body)
    await app.register(multipart, { limits: { files: 1, fields: 0, fileSize: recordingBytes } })
    app.post(
      '/predictions',
      {
        bodyLimit: recordingBytes,
        schema: {
          tags: ['predictions'],
          operationId: 'predict',
          summary: 'The emotion of a recording: WAV or AIFF as the body, or as a multipart file',
          security: SECURED,
          consumes: ['audio/*', 'application/octet-stream', 'multipart/form-data'],
          querystring: querySchema,
          response: { 200: predictionSchema, ...problems(400, 404, 413, 415, 422) },
        },
      },
      async (request) => {
        const bytes = await readRecording(request)
        const version = await getModelVersion(db, request.query)
        return predictor.predict(bytes, version)
      },
    )
  }
}

async function readRecording(request: FastifyRequest): Promise<Uint8Array> {
  const body = request.isMultipart() ? await (await request.file())?.toBuffer() : request.body
  if (body instanceof Uint8Array && body.length > 0) return body
  throw new SerError('NO_RECORDING', 'send a recording: WAV or AIFF as the body, or as the file of a multipart form', {
    kind: 'bad-input',
  })
}
