export { createLogger, hidePasswords, type Logger, type LoggerOptions } from './create-logger.ts'
export { createMetrics, type FinishedJob, type Metrics, type QueueDepth } from './create-metrics.ts'
export { createPredictionMetrics, type PredictionMetrics, type PredictionOutcome } from './prediction-metrics.ts'
export { onShutdown, type ShutdownOptions } from './on-shutdown.ts'
export {
  runChecks,
  startHealthServer,
  type HealthCheck,
  type HealthServer,
  type HealthServerOptions,
} from './start-health-server.ts'
export { watchMemory } from './watch-memory.ts'
