import { randomUUID } from 'node:crypto'
import swagger from '@fastify/swagger'
import { fastify, type FastifyBaseLogger, type FastifyInstance, type FastifyRequest } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { answerProblems, sendProblem } from './answer-problems.ts'
import type { ApiDeps, ApiOptions } from './api-deps.ts'
import { describeApi } from './describe-api.ts'
import { describeProblem } from './describe-problem.ts'
import { requireToken } from './require-token.ts'
import { serveAugmentations } from './serve-augmentations.ts'
import { serveClip } from './serve-clip.ts'
import { serveClips } from './serve-clips.ts'
import { serveDatasets } from './serve-datasets.ts'
import { serveExperiments } from './serve-experiments.ts'
import { serveFeatureSets } from './serve-feature-sets.ts'
import { serveHealth } from './serve-health.ts'
import { serveIngestions } from './serve-ingestions.ts'
import { serveLineage } from './serve-lineage.ts'
import { serveModels } from './serve-models.ts'
import { servePredictions } from './serve-predictions.ts'
import { servePromotions } from './serve-promotions.ts'
import { serveQueues } from './serve-queues.ts'
import { serveReconcile } from './serve-reconcile.ts'
import { serveRejections } from './serve-rejections.ts'
import { serveRuns } from './serve-runs.ts'
import { serveSpectrograms } from './serve-spectrograms.ts'
import { serveStress } from './serve-stress.ts'

/** The admin API, not yet listening. Closing it ends its event streams first, then waits for the requests that run. */
export async function buildServer(
  deps: ApiDeps,
  options: ApiOptions,
  logger: FastifyBaseLogger,
): Promise<FastifyInstance> {
  const app: FastifyInstance = fastify({
    loggerInstance: logger.child({}, { serializers: { req: describeRequest } }),
    // What is wrong with a path before any route is found for it.
    frameworkErrors: (error, request, reply) => void sendProblem(reply, describeProblem(error, request.id)),
    bodyLimit: 1_048_576,
    requestTimeout: 120_000,
    genReqId: ({ headers }) => acceptRequestId(headers['x-request-id']) ?? randomUUID(),
    forceCloseConnections: 'idle',
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff')
  })
  const stopping = new AbortController()
  app.addHook('preClose', async () => stopping.abort())
  app.decorateRequest('tokenName', '')
  answerProblems(app)
  await app.register(swagger, describeApi())
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())
  await app.register(serveHealth(deps))
  await app.register(
    async (v1) => {
      v1.addHook('onRequest', requireToken(options.tokens))
      await v1.register(serveIngestions(deps, options.ingestRoots, stopping.signal))
      await v1.register(serveAugmentations(deps, stopping.signal))
      await v1.register(serveDatasets(deps))
      await v1.register(serveClips(deps))
      await v1.register(serveClip(deps))
      await v1.register(serveSpectrograms(deps))
      await v1.register(serveRejections(deps))
      await v1.register(serveFeatureSets(deps))
      await v1.register(serveRuns(deps, stopping.signal))
      await v1.register(serveExperiments(deps))
      await v1.register(serveModels(deps))
      await v1.register(serveLineage(deps))
      await v1.register(servePromotions(deps))
      await v1.register(serveStress(deps, stopping.signal))
      await v1.register(serveQueues(deps))
      await v1.register(serveReconcile(deps))
      await v1.register(servePredictions(deps, options))
    },
    { prefix: '/v1' },
  )
  return app
}

/** For the log: without the query, where somebody may have put a token by mistake. */
function describeRequest({ method, url, ip }: FastifyRequest): object {
  return { method, path: url.split('?')[0].slice(0, 500), from: ip }
}

function acceptRequestId(given: string | string[] | undefined): string | undefined {
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : undefined
}
