import { createDatabase, migrate } from '@ser/database'
import { extractorVersion } from '@ser/features'
import { createObjectStorage } from '@ser/object-storage'
import { createQueues, createStageWorker } from '@ser/queue'
import { createLogger, createMetrics, onShutdown, startHealthServer } from '@ser/telemetry'
import { readConfig } from './config.ts'
import { sweepCheckpoints } from './checkpoints.ts'
import { readCodeVersion } from './read-code-version.ts'
import { trainRun } from './train-run.ts'

const config = readConfig()
const logger = createLogger({ app: 'trainer', level: config.logLevel })
const metrics = createMetrics({ app: 'trainer' })
const codeVersion = await readCodeVersion(config.codeVersion)

const onConnectionLost = (error: Error) => logger.warn({ err: error }, 'lost an idle connection to Postgres')
const db = createDatabase({
  url: config.databaseUrl,
  applicationName: 'ser-trainer',
  // A run reads over three, and what it leaves is written and its end looked for meanwhile; one is for the health check.
  maxConnections: 4 * config.concurrency + 1,
  onConnectionLost,
})
await migrate(db)
const storage = createObjectStorage(config.storage)
await storage.ensureBucket()
const queues = createQueues({ ...config.queue, onError: (error) => logger.debug({ err: error }, 'queue counts') })
metrics.watchQueues(queues.counts)

const { backend, threads, checkpointEveryMs, mostExampleBytes, mostWaveformBytes, variantThreads } = config
const settings = {
  extractorVersion,
  mostExampleBytes,
  mostWaveformBytes,
  variantThreads,
  backend,
  threads,
  codeVersion,
  checkpointEveryMs,
  watchMs: 250,
}
const deps = { db, storage, logger, ...settings }
await sweepCheckpoints(deps)
const worker = createStageWorker({
  ...config.queue,
  stage: 'train',
  concurrency: config.concurrency,
  lockMs: config.lockMs,
  logger,
  onFinished: metrics.countJob,
  handler: (job, context) => trainRun(job, deps, context),
})

const health = await startHealthServer({
  ...config.health,
  registry: metrics.registry,
  checks: { postgres: () => db.query('select 1'), redis: queues.ping, storage: storage.ensureBucket },
})
onShutdown(
  { database: db.close, storage: storage.close, queues: queues.close, health: health.close, worker: worker.close },
  { logger },
)
await worker.ready()
logger.info(
  { backend, threads, codeVersion, concurrency: config.concurrency, health: health.url },
  'trainer takes jobs',
)
