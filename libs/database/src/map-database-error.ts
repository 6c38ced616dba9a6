import { SerError, type FailureKind } from '@ser/contracts'

// What a lost connection looks like: Node's socket errors, and the messages of pg, which have no code.
const LOST_SOCKET = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])
const LOST_MESSAGE =
  /connection terminated|timeout exceeded when trying to connect|connection error and is not queryable|client was closed|query read timeout/i

/**
 * Any error of pg as a SerError. Lost connections, shutdowns, a full server, deadlocks and the like are `transient`
 * (DATABASE_UNAVAILABLE), broken constraints are `conflict` (DATABASE_CONFLICT), values that Postgres cannot take are
 * `bad-input` (DATABASE_BAD_VALUE); the rest is DATABASE_FAILED, which is retried. The cause keeps Postgres' own code.
 */
export function mapDatabaseError(error: unknown): SerError {
  if (error instanceof SerError) return error
  const code = errorCode(error)
  const message = error instanceof Error ? error.message : String(error)
  const [serCode, kind] = classify(code, message)
  return new SerError(serCode, describe(code, message), { kind, cause: error })
}

function classify(code: string, message: string): [string, FailureKind] {
  if (LOST_SOCKET.has(code) || LOST_MESSAGE.test(message)) return ['DATABASE_UNAVAILABLE', 'transient']
  // 08 connection, 40 rolled back (deadlock, serialisation), 53 out of connections, memory or disk, 55P03 lock not
  // available, 57 shutting down or starting, 58 the server's own input and output, 25006 a standby after a failover.
  if (/^(08|40|53|57|58)...$/.test(code) || code === '55P03' || code === '25006')
    return ['DATABASE_UNAVAILABLE', 'transient']
  if (/^23...$/.test(code)) return ['DATABASE_CONFLICT', 'conflict']
  if (/^22...$/.test(code)) return ['DATABASE_BAD_VALUE', 'bad-input']
  return ['DATABASE_FAILED', 'transient']
}

function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return ''
  // Node tries every address of a host and reports the failures together.
  if (error instanceof AggregateError) return errorCode(error.errors[0])
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}

function describe(code: string, message: string): string {
  const text = message === '' ? 'the connection was refused' : message
  return code === '' ? `Postgres: ${text}` : `Postgres: ${text} (${code})`
}
