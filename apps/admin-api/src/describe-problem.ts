import { STATUS_CODES } from 'node:http'
import { failureKind, type FailureKind, type Problem } from '@ser/contracts'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'

const STATUS_OF_KIND: Record<FailureKind, number> = { 'bad-input': 422, gone: 404, conflict: 409, transient: 503 }

/** What Fastify finds wrong with a request before a route sees it, under names of our own. */
const CODES_OF_FASTIFY: Readonly<Record<string, string>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_REQ_FILE_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  FST_INVALID_MULTIPART_CONTENT_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  FST_ERR_CTP_INVALID_JSON_BODY: 'INVALID_JSON',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'INVALID_JSON',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'INVALID_CONTENT_LENGTH',
  FST_ERR_MAX_PARAM_LENGTH: 'PATH_TOO_LONG',
  FST_ERR_BAD_URL: 'PATH_INVALID',
}

/** Problem details (RFC 9457) with a code; `type` is made from the code. */
export function problem(status: number, code: string, detail: string, errors?: Problem['errors']): Problem {
  return {
    type: `urn:ser:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    code,
    ...(errors === undefined ? {} : { errors }),
  }
}

/** Anything thrown in a request as problem details. What is not known says nothing of the inside: only the log does. */
export function describeProblem(error: unknown, requestId: string): Problem {
  if (hasZodFastifySchemaValidationErrors(error)) return describeValidation(error)
  const code = readText(error, 'code')
  const message = error instanceof Error ? error.message : ''
  if (hasKind(error)) {
    const status = code === 'CURSOR_INVALID' ? 400 : STATUS_OF_KIND[failureKind(error)]
    return problem(status, code ?? 'FAILED', message)
  }
  const status = readStatus(error)
  if (status !== undefined && status >= 400 && status < 500)
    return problem(status, CODES_OF_FASTIFY[code ?? ''] ?? 'BAD_REQUEST', message)
  return problem(500, 'INTERNAL', `an unexpected failure; the log has it under request id ${requestId}`)
}

type ValidationFailure = {
  readonly validationContext?: string | undefined
  readonly validation: readonly { readonly instancePath: string; readonly message?: string | undefined }[]
}

function describeValidation({ validation, validationContext }: ValidationFailure): Problem {
  const part = validationContext === 'querystring' ? 'query' : (validationContext ?? 'request')
  const errors = validation.map(({ instancePath, message }) => ({
    path: `${part}${instancePath === '/' ? '' : instancePath}`,
    message: message ?? 'is not valid',
  }))
  const detail = errors.map(({ path, message }) => `${path}: ${message}`).join('; ')
  return problem(400, 'VALIDATION_FAILED', detail, errors)
}

function hasKind(error: unknown): boolean {
  const kind = readText(error, 'kind')
  return kind !== undefined && kind in STATUS_OF_KIND
}

function readText(error: unknown, name: 'code' | 'kind'): string | undefined {
  if (!(error instanceof Error) || !(name in error)) return undefined
  const value: unknown = Reflect.get(error, name)
  return typeof value === 'string' ? value : undefined
}

function readStatus(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined
  return typeof error.statusCode === 'number' ? error.statusCode : undefined
}
