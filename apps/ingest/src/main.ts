import { createDatabase, migrate } from '@ser/database'
import { createObjectStorage } from '@ser/object-storage'
import { createQueues, createStageWorker } from '@ser/queue'
import { createLogger, createMetrics, onShutdown, startHealthServer } from '@ser/telemetry'
import { readConfig } from './config.ts'
import { ingestDataset } from './ingest-dataset.ts'

const config = readConfig()
const logger = createLogger({ app: 'ingest', level: config.logLevel })
const metrics = createMetrics({ app: 'ingest' })

const db = createDatabase({
  url: config.databaseUrl,
  applicationName: 'ser-ingest',
  onConnectionLost: (err) => logger.warn({ err }, 'lost a connection to Postgres'),
})
const storage = createObjectStorage(config.storage)
const queues = createQueues({
  ...config.queue,
  onError: (err) => logger.warn({ err }, 'lost a connection to Redis'),
})
await migrate(db)
await storage.ensureBucket()

const onFiles = (outcome: string, files: number) => metrics.countClips('ingest', outcome, files)
const deps = { db, storage, queues, settings: config.ingest, logger, onFiles }
const worker = createStageWorker({
  ...config.queue,
  stage: 'ingest',
  concurrency: config.concurrency,
  lockMs: config.lockMs,
  logger,
  onFinished: metrics.countJob,
  handler: (job, context) => ingestDataset(job, context, deps),
})
const health = await startHealthServer({
  ...config.health,
  registry: metrics.registry,
  checks: { postgres: () => db.query('select 1'), redis: () => queues.ping(), worker: () => worker.ready() },
})

onShutdown(
  {
    database: () => db.close(),
    storage: () => storage.close(),
    queues: () => queues.close(),
    health: () => health.close(),
    worker: () => worker.close(),
  },
  { logger },
)
await worker.ready()
logger.info({ roots: config.ingest.roots, health: health.url }, 'ingest is taking jobs')
