import { setTimeout as delay } from 'node:timers/promises'
import { SerError } from '@ser/contracts'

export type HttpOptions = {
  /** A request that stands still for so long is given up, in milliseconds. */
  readonly idleMs: number
  /** Attempts that bring nothing before it is given up. */
  readonly attempts: number
  /** The wait before the second attempt, in milliseconds; it doubles each time, up to half a minute. */
  readonly retryDelayMs: number
  readonly signal: AbortSignal
}

/** A failed attempt; `retryAfterMs` is what the server asked for. */
type Attempt = { readonly error: SerError; readonly retryAfterMs: number }

const PASSING = new Set([408, 425, 429, 500, 502, 503, 504])
const LONGEST_WAIT_MS = 30_000
const LONGEST_RETRY_AFTER_MS = 120_000

/**
 * Requests a URL and reads the answer with `read`, again and again while what fails may pass: a lost connection, an answer
 * that is cut off or stands still, 429 and 5xx. Waits as long as Retry-After says, else twice as long each time, with jitter.
 * What `read` throws of its own is not retried unless it is a SerError of kind `transient`.
 *
 * @throws SerError HTTP_REFUSED (bad input) for a 4xx, HTTP_FAILED (transient) when the attempts are used up
 */
export async function request<T>(
  url: string,
  headers: Readonly<Record<string, string>>,
  options: HttpOptions,
  read: (response: Response, alive: () => void) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await tryOnce(url, headers, options, read)
    if (!('error' in outcome)) return outcome.value
    if (attempt >= options.attempts) throw outcome.error
    const backoff = Math.min(LONGEST_WAIT_MS, options.retryDelayMs * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2)
    await delay(Math.max(backoff, outcome.retryAfterMs), undefined, { signal: options.signal })
  }
}

async function tryOnce<T>(
  url: string,
  headers: Readonly<Record<string, string>>,
  { idleMs, signal }: HttpOptions,
  read: (response: Response, alive: () => void) => Promise<T>,
): Promise<{ readonly value: T } | Attempt> {
  const watchdog = new AbortController()
  const timer = setTimeout(() => watchdog.abort(new Error(`nothing came for ${idleMs / 1000} s`)), idleMs)
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.any([signal, watchdog.signal]) })
    if (PASSING.has(response.status)) return await failedAnswer(url, response)
    if (response.status >= 400 && response.status !== 416) throw refused(url, response.status)
    return { value: await read(response, () => void timer.refresh()) }
  } catch (error) {
    if (signal.aborted) throw error
    if (error instanceof SerError && error.kind === 'transient') return { error, retryAfterMs: 0 }
    if (!isLostConnection(error, watchdog.signal)) throw error
    const reason = watchdog.signal.aborted ? watchdog.signal.reason : error
    return { error: failed(url, describe(reason), reason), retryAfterMs: 0 }
  } finally {
    clearTimeout(timer)
  }
}

async function failedAnswer(url: string, response: Response): Promise<Attempt> {
  await response.body?.cancel()
  return { error: failed(url, `HTTP ${response.status}`), retryAfterMs: retryAfterMs(response.headers) }
}

/** Retry-After is seconds or a date (RFC 9110, 10.2.3). */
function retryAfterMs(headers: Headers): number {
  const value = headers.get('retry-after')
  if (value === null) return 0
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Number.isNaN(wait) ? 0 : Math.min(Math.max(0, wait), LONGEST_RETRY_AFTER_MS)
}

/** fetch rejects with a TypeError whatever the network did; the cause has the code. */
function isLostConnection(error: unknown, watchdog: AbortSignal): boolean {
  return watchdog.aborted || error instanceof TypeError
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${describe(error.cause)}` : error.message
}

function failed(url: string, reason: string, cause?: unknown): SerError {
  return new SerError('HTTP_FAILED', `${url}: ${reason}`, { kind: 'transient', cause })
}

function refused(url: string, status: number): SerError {
  return new SerError('HTTP_REFUSED', `${url} answers ${status}; it is not public, or the address has changed`, {
    kind: 'bad-input',
  })
}
