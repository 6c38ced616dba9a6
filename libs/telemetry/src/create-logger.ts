import { pino, stdSerializers, type DestinationStream, type Logger } from 'pino'

export type { Logger }

export type LoggerOptions = {
  /** The app that speaks: `feature-worker`. */
  readonly app: string
  /** pino's level; default `info`. */
  readonly level?: string
  /** Where lines go; standard output when not given. */
  readonly destination?: DestinationStream
}

const SECRET_NAMES = ['password', 'secret', 'secretKey', 'accessKey', 'token', 'apiToken', 'authorization', 'cookie']
const SECRET_VARIABLES = ['DATABASE_URL', 'REDIS_URL', 'S3_ACCESS_KEY', 'S3_SECRET_KEY', 'SER_API_TOKEN']
const URL_PASSWORD = /(\w+:\/\/[^\s:/@]*):[^\s@/]+@/g

/**
 * A logger of JSON lines: time, level, app, what was said. Fields with a secret's name are blotted out three levels
 * deep, and so are passwords in the URLs of error messages. An error goes under `err`: its code, kind, ids and causes
 * are kept.
 */
export function createLogger({ app, level = 'info', destination }: LoggerOptions): Logger {
  const names = [...SECRET_NAMES, ...SECRET_VARIABLES]
  const options = {
    level,
    base: { app, pid: process.pid },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError },
    redact: { paths: names.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
  }
  return destination === undefined ? pino(options) : pino(options, destination)
}

function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const described = stdSerializers.err(error)
  return { ...described, message: hidePasswords(described.message), stack: hidePasswords(described.stack) }
}

/** A text without the passwords of the URLs in it. */
export function hidePasswords(text: string): string {
  return text.replace(URL_PASSWORD, '$1:[redacted]@')
}
