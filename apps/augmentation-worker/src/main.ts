import { AUGMENTATION_VERSION } from '@ser/augmentation'
import { createDatabase, migrate } from '@ser/database'
import { createObjectStorage } from '@ser/object-storage'
import { createQueues, createStageWorker } from '@ser/queue'
import { createLogger, createMetrics, onShutdown, startHealthServer } from '@ser/telemetry'
import { readConfig } from './config.ts'
import { createAugmenter } from './create-augmenter.ts'
import { evaluateStress } from './evaluate-stress.ts'

const config = readConfig()
const logger = createLogger({ app: 'augmentation-worker', level: config.logLevel })
const metrics = createMetrics({ app: 'augmentation-worker' })

const db = createDatabase({
  url: config.databaseUrl,
  applicationName: 'ser-augmentation-worker',
  maxConnections: config.concurrency + 1,
  onConnectionLost: (error) => logger.warn({ err: error }, 'lost an idle connection to Postgres'),
})
await migrate(db)
const storage = createObjectStorage(config.storage)
await storage.ensureBucket()
const queues = createQueues({ ...config.queue, onError: (error) => logger.debug({ err: error }, 'queue counts') })
metrics.watchQueues(queues.counts)

const augmenter = createAugmenter({ db, storage, queues, threads: config.threads })
const worker = createStageWorker({
  ...config.queue,
  stage: 'augment',
  concurrency: config.concurrency,
  lockMs: config.lockMs,
  logger,
  onFinished: metrics.countJob,
  handler: async (job, { lastAttempt }) => {
    const report = await augmenter.augment(job, { lastAttempt })
    for (const [outcome, clips] of Object.entries(report)) metrics.countClips('augment', outcome, clips)
    return report
  },
})

// One at a time, as each has as many processes as there are threads.
const evaluations = createStageWorker({
  ...config.queue,
  stage: 'evaluate',
  // What is done is stored part by part: another worker goes on at once.
  closeMs: 1000,
  lockMs: config.lockMs,
  logger,
  onFinished: metrics.countJob,
  handler: (job, context) => evaluateStress(job, { db, storage, processes: config.threads }, context),
})

const health = await startHealthServer({
  ...config.health,
  registry: metrics.registry,
  checks: { postgres: () => db.query('select 1'), redis: queues.ping, storage: storage.ensureBucket },
})
onShutdown(
  {
    database: db.close,
    storage: storage.close,
    queues: queues.close,
    threads: augmenter.close,
    health: health.close,
    workers: () => Promise.all([worker.close(), evaluations.close()]),
  },
  { logger },
)
await Promise.all([worker.ready(), evaluations.ready()])
const { concurrency, threads } = config
logger.info(
  { concurrency, threads, transforms: AUGMENTATION_VERSION, health: health.url },
  'augmentation-worker takes jobs',
)
