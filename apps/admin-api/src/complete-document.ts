import { PREDICTION_LIMITS } from '@ser/contracts'
import type { SwaggerOptions } from '@fastify/swagger'

type Transform = NonNullable<Extract<SwaggerOptions, { transformObject?: unknown }>['transformObject']>
type ApiDocument = ReturnType<Transform>
type Schemas = Record<string, unknown>

const RECORDING = { type: 'string', format: 'binary', description: 'A recording.' } as const

/** What a route's zod schemas cannot say: the bytes that a prediction takes. And leaves out schemas that nothing refers to. */
export function completeDocument(document: ApiDocument): ApiDocument {
  if (!('openapi' in document)) return document
  const paths = document.paths ?? {}
  const predict = paths['/v1/predictions']?.post
  if (predict !== undefined) {
    predict.requestBody = {
      required: true,
      content: {
        'audio/*': { schema: RECORDING },
        'application/octet-stream': { schema: RECORDING },
        'multipart/form-data': {
          schema: { type: 'object', properties: { file: RECORDING }, required: ['file'] },
        },
      },
    }
  }
  const batch = paths['/v1/predictions/batch']?.post
  if (batch !== undefined) {
    const file = { type: 'array', items: RECORDING, minItems: 1, maxItems: PREDICTION_LIMITS.recordings } as const
    batch.requestBody = {
      required: true,
      content: { 'multipart/form-data': { schema: { type: 'object', properties: { file }, required: ['file'] } } },
    }
  }
  const schemas: Schemas = document.components?.schemas ?? {}
  const used = collectReferences({ paths }, schemas)
  for (const name of Object.keys(schemas)) if (!used.has(name)) Reflect.deleteProperty(schemas, name)
  return document
}

/** The names of the schemas that a part of the document refers to, directly or through others. */
function collectReferences(part: unknown, schemas: Schemas): Set<string> {
  const used = new Set<string>()
  const waiting = [part]
  while (waiting.length > 0) {
    const text = JSON.stringify(waiting.pop())
    for (const [, name] of text.matchAll(/"#\/components\/schemas\/([^"/]+)"/g)) {
      if (used.has(name)) continue
      used.add(name)
      waiting.push(schemas[name])
    }
  }
  return used
}
