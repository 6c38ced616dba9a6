import { createDatabase, migrate } from '@ser/database'
import { extractorVersion } from '@ser/features'
import { createObjectStorage } from '@ser/object-storage'
import { createQueues, createStageWorker } from '@ser/queue'
import { createLogger, createMetrics, onShutdown, startHealthServer, watchMemory } from '@ser/telemetry'
import { readConfig } from './config.ts'
import { createExtractPool } from './create-extract-pool.ts'
import { extractFeatures } from './extract-features.ts'

const config = readConfig()
const logger = createLogger({ app: 'feature-worker', level: config.logLevel })
const metrics = createMetrics({ app: 'feature-worker' })

const db = createDatabase({
  url: config.databaseUrl,
  applicationName: 'ser-feature-worker',
  maxConnections: config.concurrency + 1,
  onConnectionLost: (error) => logger.warn({ err: error }, 'lost an idle connection to Postgres'),
})
await migrate(db)
const storage = createObjectStorage(config.storage)
await storage.ensureBucket()
const queues = createQueues({ ...config.queue, onError: (error) => logger.debug({ err: error }, 'queue counts') })
metrics.watchQueues(queues.counts)

const pool = createExtractPool({ threads: config.threads, maxSeconds: config.maxSeconds })
watchMemory(metrics.registry, pool.threadMemory)
const { extract, extractReceived } = pool
const clipsAtOnce = 2 * config.threads + 2
const deps = { db, storage, extract, extractReceived, extractorVersion, clipsAtOnce }
const worker = createStageWorker({
  ...config.queue,
  stage: 'features',
  concurrency: config.concurrency,
  lockMs: config.lockMs,
  logger,
  onFinished: metrics.countJob,
  handler: async (job, { lastAttempt }) => {
    const report = await extractFeatures(job, deps, { lastAttempt })
    for (const [outcome, clips] of Object.entries(report)) metrics.countClips('features', outcome, clips)
    return report
  },
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
    threads: pool.close,
    health: health.close,
    worker: worker.close,
  },
  { logger },
)
await worker.ready()
const { concurrency, threads } = config
logger.info({ concurrency, threads, health: health.url }, 'feature-worker takes jobs')
