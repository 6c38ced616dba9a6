import { createDatabase, migrate } from '@ser/database'
import { createObjectStorage } from '@ser/object-storage'
import { createQueues } from '@ser/queue'
import { createLogger, createMetrics, onShutdown } from '@ser/telemetry'
import { buildServer } from './build-server.ts'
import { readConfig } from './config.ts'
import { openPredictions } from './open-predictions.ts'
import { reconcileOnTimer } from './reconcile-on-timer.ts'

const config = readConfig()
const logger = createLogger({ app: 'admin-api', level: config.logLevel })
const metrics = createMetrics({ app: 'admin-api' })

const db = createDatabase({
  url: config.databaseUrl,
  applicationName: 'ser-admin-api',
  onConnectionLost: (err) => logger.warn({ err }, 'lost a connection to Postgres'),
})
const storage = createObjectStorage(config.storage)
const queues = createQueues({
  ...config.queue,
  onError: (err) => logger.warn({ err }, 'lost a connection to Redis'),
})
metrics.watchQueues(() => queues.counts())

await migrate(db)
await storage.ensureBucket()
const predictions = openPredictions({ db, storage, metrics, logger }, config.predictions)
const server = await buildServer(
  { db, storage, queues, metrics, predictions },
  { tokens: config.tokens, limits: config.limits, ingestRoots: config.ingestRoots },
  logger,
)
const timer = reconcileOnTimer({ db, queues }, { everyMs: config.reconcileMs, logger })

onShutdown(
  {
    database: () => db.close(),
    storage: () => storage.close(),
    queues: () => queues.close(),
    predictions: () => predictions.close(),
    timer: () => timer.close(),
    server: () => server.close(),
  },
  { logger },
)
await server.listen({ host: config.host, port: config.port })
