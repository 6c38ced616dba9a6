import { createDatabase, migrate } from '@ser/database'
import { createLogger } from '@ser/telemetry'
import { readMigrationConfig } from './config.ts'

// Brings the schema up to date and ends: for deployments that migrate once, before the apps are started.
const config = readMigrationConfig()
const logger = createLogger({ app: 'migrate', level: config.logLevel })
const db = createDatabase({ url: config.databaseUrl, applicationName: 'ser-migrate', maxConnections: 1 })
try {
  const applied = await migrate(db)
  logger.info({ applied }, applied.length === 0 ? 'the schema is up to date' : 'the schema was brought up to date')
} finally {
  await db.close()
}
