import multipart from '@fastify/multipart'
import {
  batchOptionsSchema,
  checkedPredictionOptionsSchema,
  predictionBatchSchema,
  predictionSchema,
  SerError,
  type BatchItem,
  type Prediction,
} from '@ser/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { answerRecordings } from './answer-recordings.ts'
import type { ApiDeps, ApiOptions } from './api-deps.ts'
import { describeProblem } from './describe-problem.ts'
import { holdBytes } from './hold-bytes.ts'
import { FORM_LIMITS, readRecordings, type Asked } from './read-recordings.ts'
import { problems, SECURED } from './response-schemas.ts'

/** Recordings in, seven probabilities out. What one is is read from its bytes; the media type only says that it is one. */
export function servePredictions({ predictions }: ApiDeps, { limits }: ApiOptions): FastifyPluginAsyncZod {
  const { recordingBytes } = limits
  const { metrics } = predictions
  const answer = (asked: Asked, signal: AbortSignal) =>
    answerRecordings(asked, signal, { ...predictions, counts: metrics, limits })
  return async (app) => {
    const bounded = { parseAs: 'buffer', bodyLimit: recordingBytes } as const
    for (const type of [/^audio\//, /^video\/(webm|mp4|ogg)/, 'application/octet-stream'])
      app.addContentTypeParser(type, bounded, async (_request: FastifyRequest, body: Buffer) => body)
    await app.register(multipart, { limits: { ...FORM_LIMITS, fileSize: recordingBytes } })
    // Two of the largest uploads, or many smaller ones.
    app.addHook('onRequest', holdBytes({ most: 2 * recordingBytes, unsaid: recordingBytes }))
    app.post(
      '/predictions',
      {
        bodyLimit: recordingBytes,
        schema: {
          tags: ['predictions'],
          operationId: 'predict',
          summary: 'The emotion of a recording, of a long one as a timeline',
          description:
            'WAV, AIFF, FLAC, MP3, Ogg Vorbis, Ogg Opus or WebM (Opus), of any rate and number of channels, as the body or as the file of a form.',
          security: SECURED,
          consumes: ['audio/*', 'application/octet-stream', 'multipart/form-data'],
          querystring: checkedPredictionOptionsSchema,
          response: { 200: predictionSchema, ...problems(400, 404, 409, 413, 415, 422) },
        },
      },
      async (request, reply) => {
        const asked = await readRecordings(request, request.query, recordingBytes)
        if (asked.recordings.length > 1) throw severalError(asked.recordings.length)
        const [result] = await answer(asked, signalOf(reply))
        if (result.status === 'rejected') throw result.reason
        metrics.time(result.value.timeline === null ? 'recording' : 'timeline', reply.elapsedTime / 1000)
        return result.value
      },
    )
    app.post(
      '/predictions/batch',
      {
        bodyLimit: recordingBytes,
        schema: {
          tags: ['predictions'],
          operationId: 'predictBatch',
          summary:
            'The emotions of several recordings, in their order; one that cannot be used does not spoil the others',
          security: SECURED,
          consumes: ['multipart/form-data'],
          querystring: batchOptionsSchema,
          response: { 200: predictionBatchSchema, ...problems(400, 404, 409, 413, 415, 422) },
        },
      },
      async (request, reply) => {
        const { speaker, ...options } = request.query
        const asked = await readRecordings(request, options, recordingBytes)
        const results = await answer({ ...asked, ofOneSpeaker: speaker === 'one' }, signalOf(reply))
        metrics.time('batch', reply.elapsedTime / 1000)
        return { items: results.map((result, index) => itemOf(asked.recordings[index].file, result, request)) }
      },
    )
  }
}

/** Aborted when the client goes away before it has its answer. */
function signalOf({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController()
  raw.once('close', () => {
    if (!raw.writableFinished) controller.abort()
  })
  if (raw.destroyed) controller.abort()
  return controller.signal
}

function itemOf(file: string | null, result: PromiseSettledResult<Prediction>, request: FastifyRequest): BatchItem {
  if (result.status === 'fulfilled') return { file, prediction: result.value, problem: null }
  const problem = describeProblem(result.reason, request.id)
  if (problem.status === 500) request.log.error({ err: result.reason }, 'a recording of a batch failed')
  return { file, prediction: null, problem }
}

function severalError(count: number): SerError {
  const message = `the form holds ${count} recordings: send one, or send them to /v1/predictions/batch`
  return new SerError('SEVERAL_RECORDINGS', message, { kind: 'bad-input' })
}
