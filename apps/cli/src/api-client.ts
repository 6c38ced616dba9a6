import { problemSchema } from '@ser/contracts'
import { z } from 'zod'
import { CliError, EXIT } from './cli-error.ts'
import type { ApiAddress } from './config.ts'

export type ApiRequest = {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly query?: Readonly<Record<string, string | number | undefined>>
  /** Sent as JSON. */
  readonly json?: unknown
  /** Sent as it is. */
  readonly bytes?: Uint8Array
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/** The admin API over fetch. Whatever goes wrong is a CliError that says what to do. */
export type ApiClient = {
  readonly address: ApiAddress
  readonly get: <T>(path: string, schema: z.ZodType<T>, query?: ApiRequest['query']) => Promise<T>
  readonly post: <T>(path: string, schema: z.ZodType<T>, request?: Omit<ApiRequest, 'method'>) => Promise<T>
  readonly text: (path: string) => Promise<string>
  /** The raw response, already known to be a success. */
  readonly open: (path: string, request?: ApiRequest) => Promise<Response>
}

export function createApiClient(address: ApiAddress): ApiClient {
  const open = (path: string, request: ApiRequest = {}) => send(address, path, request)
  const parse = async <T>(response: Response, schema: z.ZodType<T>): Promise<T> => {
    const parsed = schema.safeParse(await response.json())
    if (parsed.success) return parsed.data
    const reason = z.prettifyError(parsed.error)
    throw new CliError(EXIT.server, 'UNEXPECTED_ANSWER', `the API at ${address.url} is of another version: ${reason}`)
  }
  return {
    address,
    open,
    get: async (path, schema, query) => parse(await open(path, query === undefined ? {} : { query }), schema),
    post: async (path, schema, request) => parse(await open(path, { ...request, method: 'POST' }), schema),
    text: async (path) => (await open(path)).text(),
  }
}

async function send({ url, token }: ApiAddress, path: string, request: ApiRequest): Promise<Response> {
  const target = new URL(`${url}${path}`)
  for (const [name, value] of Object.entries(request.query ?? {}))
    if (value !== undefined) target.searchParams.set(name, String(value))
  const response = await fetchOrExplain(url, target, {
    method: request.method ?? 'GET',
    headers: { authorization: `Bearer ${token}`, ...contentType(request), ...request.headers },
    body:
      request.bytes === undefined
        ? request.json === undefined
          ? null
          : JSON.stringify(request.json)
        : new Blob([new Uint8Array(request.bytes)]),
    signal: request.signal ?? null,
  })
  if (response.ok) return response
  throw await explainRefusal(response)
}

function contentType({ json, bytes }: ApiRequest): Record<string, string> {
  if (bytes !== undefined) return { 'content-type': 'application/octet-stream' }
  return json === undefined ? {} : { 'content-type': 'application/json' }
}

async function fetchOrExplain(url: string, target: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(target, init)
  } catch (error) {
    if (init.signal?.aborted === true) throw error
    throw unreachable(url, error)
  }
}

/** The API does not answer, or stopped in the middle of an answer. */
export function unreachable(url: string, error: unknown): CliError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const reason =
    cause instanceof Error && 'code' in cause
      ? String(cause.code)
      : cause instanceof Error
        ? cause.message
        : String(cause)
  const message = `the API at ${url} does not answer (${reason}): start it with \`npx ser serve\`, or set SER_API_URL`
  return new CliError(EXIT.unreachable, 'API_UNREACHABLE', message, error)
}

async function explainRefusal(response: Response): Promise<CliError> {
  const parsed = problemSchema.safeParse(await response.json().catch(() => undefined))
  const exitCode = response.status === 503 ? EXIT.unreachable : response.status >= 500 ? EXIT.server : EXIT.refused
  if (!parsed.success)
    return new CliError(exitCode, 'HTTP_ERROR', `${response.url} answered ${response.status} ${response.statusText}`)
  return new CliError(exitCode, parsed.data.code, parsed.data.detail)
}
