import { readFileSync } from 'node:fs'
import {
  apiVariables,
  findServices,
  ingestVariables,
  loggingVariables,
  postgresVariables,
  readEnvironment,
  serviceSettings,
  serviceVariables,
  wholeNumber,
} from '@ser/config'
import { z } from 'zod'

const listenVariables = {
  /** Where to listen; by default the host and port of SER_API_URL. In a container: 0.0.0.0. */
  SER_API_HOST: z.string().min(1, 'must not be empty').optional(),
  SER_API_PORT: wholeNumber(0, 65_535).optional(),
}

/** Tokens beside SER_API_TOKEN, whose name is `admin`: what they change is kept under their names. */
const namedTokens = z
  .string()
  .default('')
  .transform((text) => text.split(',').filter((part) => part !== ''))
  .pipe(
    z
      .array(
        z
          .string()
          .regex(
            /^[a-z][a-z0-9.-]{0,62}:[!-~]{16,}$/,
            'must be name:token, separated by ",", each token of 16 characters at least',
          ),
      )
      .refine((parts) => new Set(['admin', ...parts.map((part) => part.split(':')[0])]).size === parts.length + 1, {
        error: 'must name each token once, and none admin: that is the name of SER_API_TOKEN',
      }),
  )
  .transform((parts) =>
    Object.fromEntries(parts.map((part) => [part.slice(0, part.indexOf(':')), part.slice(part.indexOf(':') + 1)])),
  )

const predictionVariables = {
  SER_MAX_RECORDING_BYTES: wholeNumber(1, 2 ** 30).default(256 * 2 ** 20),
  SER_MAX_RECORDING_SECONDS: wholeNumber(1, 86_400).default(7200),
  /** Longer recordings are answered with a timeline. */
  SER_TIMELINE_SECONDS: wholeNumber(1, 600).default(30),
  /** Recordings that may wait for the prediction thread. */
  SER_PREDICTION_QUEUE: wholeNumber(1, 100_000).default(256),
  SER_PREDICTION_TIMEOUT_SECONDS: wholeNumber(1, 3600).default(60),
}

/** How often to look for what is owed, in seconds; 0 for never. */
const reconcileVariables = { SER_RECONCILE_SECONDS: wholeNumber(0, 86_400).default(300) }

/** The settings of the admin API, from the environment or `.ser/services.json`. */
export function readConfig() {
  const settings = readEnvironment(
    {
      ...apiVariables,
      SER_API_TOKENS: namedTokens,
      ...serviceVariables,
      ...listenVariables,
      ...ingestVariables,
      ...predictionVariables,
      ...reconcileVariables,
    },
    process.env,
    findServices(process.cwd(), (path) => readFileSync(path, 'utf8')),
  )
  const { hostname, port, protocol } = new URL(settings.SER_API_URL)
  const ownPort = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
  return {
    ...serviceSettings(settings),
    /** By name. */
    tokens: { admin: settings.SER_API_TOKEN, ...settings.SER_API_TOKENS },
    host: settings.SER_API_HOST ?? hostname.replace(/^\[(.*)\]$/, '$1'),
    port: settings.SER_API_PORT ?? ownPort,
    ingestRoots: settings.SER_INGEST_ROOTS,
    reconcileMs: settings.SER_RECONCILE_SECONDS * 1000,
    limits: {
      recordingBytes: settings.SER_MAX_RECORDING_BYTES,
      recordingSeconds: settings.SER_MAX_RECORDING_SECONDS,
      timelineSeconds: settings.SER_TIMELINE_SECONDS,
    },
    predictions: {
      recordingSeconds: settings.SER_MAX_RECORDING_SECONDS,
      queue: settings.SER_PREDICTION_QUEUE,
      timeoutSeconds: settings.SER_PREDICTION_TIMEOUT_SECONDS,
    },
  }
}

/** The settings of the process that only migrates. */
export function readMigrationConfig() {
  const settings = readEnvironment(
    { ...loggingVariables, ...postgresVariables },
    process.env,
    findServices(process.cwd(), (path) => readFileSync(path, 'utf8')),
  )
  return { databaseUrl: settings.DATABASE_URL, logLevel: settings.LOG_LEVEL }
}
