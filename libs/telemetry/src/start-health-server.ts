import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Registry } from 'prom-client'
import { hidePasswords } from './create-logger.ts'

/** Resolves when the thing is there; rejects with what is wrong. */
export type HealthCheck = () => Promise<unknown>

export type HealthServerOptions = {
  /** 0 takes any free port. */
  readonly port: number
  /** Default 127.0.0.1. */
  readonly host?: string
  /** By name; all of them must pass for the process to be ready. */
  readonly checks: Readonly<Record<string, HealthCheck>>
  readonly registry: Registry
  /** A check that takes longer has failed (default 2000). */
  readonly checkTimeoutMs?: number
}

export type HealthServer = { readonly url: string; readonly close: () => Promise<void> }

/**
 * Serves `/health/live` (200 while the process answers), `/health/ready` (200 when every check passes, else 503 with
 * what is wrong) and `/metrics` (Prometheus' text format).
 */
export async function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const server = createServer((request, response) => {
    answer(options, request, response).catch((error: unknown) =>
      send(response, 500, { status: 'failed', error: reason(error) }),
    )
  })
  const host = options.host ?? '127.0.0.1'
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, host, () => {
      server.removeListener('error', reject)
      resolve()
    })
  })
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : options.port
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(options: HealthServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url?.split('?')[0]
  if (path === '/health/live') return send(response, 200, { status: 'ok' })
  if (path === '/health/ready') {
    const { ready, checks } = await runChecks(options.checks, options.checkTimeoutMs)
    return send(response, ready ? 200 : 503, { status: ready ? 'ok' : 'unavailable', checks })
  }
  if (path === '/metrics') {
    const text = await options.registry.metrics()
    response.writeHead(200, { 'content-type': options.registry.contentType }).end(text)
    return undefined
  }
  return send(response, 404, { status: 'not found' })
}

/** Runs every check at once, none for longer than `timeoutMs`; says of each `ok` or what is wrong. */
export async function runChecks(
  checks: Readonly<Record<string, HealthCheck>>,
  timeoutMs = 2000,
): Promise<{ ready: boolean; checks: Record<string, string> }> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await runCheck(check, timeoutMs)] as const),
  )
  return { ready: results.every(([, result]) => result === 'ok'), checks: Object.fromEntries(results) }
}

async function runCheck(check: HealthCheck, timeoutMs: number): Promise<string> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer in ${timeoutMs} ms`), timeoutMs)
  })
  try {
    return await Promise.race([check().then(() => 'ok'), late])
  } catch (error) {
    return reason(error)
  } finally {
    clearTimeout(timer)
  }
}

function reason(error: unknown): string {
  return hidePasswords(error instanceof Error ? error.message : String(error))
}

function send(response: ServerResponse, status: number, body: object): void {
  if (response.headersSent) return
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body))
}
