import { readFileSync } from 'node:fs'
import {
  apiVariables,
  findServices,
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

const predictionVariables = {
  SER_MAX_RECORDING_BYTES: wholeNumber(1, 2 ** 30).default(256 * 2 ** 20),
  SER_MAX_RECORDING_SECONDS: wholeNumber(1, 86_400).default(7200),
  /** Longer recordings are answered with a timeline. */
  SER_TIMELINE_SECONDS: wholeNumber(1, 600).default(30),
  /** Recordings that may wait for the prediction thread. */
  SER_PREDICTION_QUEUE: wholeNumber(1, 100_000).default(256),
  SER_PREDICTION_TIMEOUT_SECONDS: wholeNumber(1, 3600).default(60),
}

/** The settings of the admin API, from the environment or `.ser/services.json`. */
export function readConfig() {
  const settings = readEnvironment(
    {
      ...apiVariables,
      ...serviceVariables,
      ...listenVariables,
      ...predictionVariables,
    },
    process.env,
    findServices(process.cwd(), (path) => readFileSync(path, 'utf8')),
  )
  const { hostname, port, protocol } = new URL(settings.SER_API_URL)
  const ownPort = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
  return {
    ...serviceSettings(settings),
    token: settings.SER_API_TOKEN,
    host: settings.SER_API_HOST ?? hostname.replace(/^\[(.*)\]$/, '$1'),
    port: settings.SER_API_PORT ?? ownPort,
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
