import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { repositoryRoot } from '../../support/index.ts'
import { startApi, type StartedApi } from './start-api.ts'

const operation = z.looseObject({
  operationId: z.string(),
  summary: z.string(),
  tags: z.array(z.string()).min(1),
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
  requestBody: z.looseObject({ content: z.record(z.string(), z.unknown()) }).optional(),
  responses: z.record(z.string(), z.looseObject({ content: z.record(z.string(), z.unknown()).optional() })),
})
const documentSchema = z.looseObject({
  openapi: z.string(),
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
})

let api: StartedApi
let document: z.output<typeof documentSchema>
let raw: Record<string, unknown>
beforeAll(async () => {
  api = await startApi()
  raw = z.looseObject({}).parse(await (await fetch(new URL('/openapi.json', api.url))).json())
  document = documentSchema.parse(raw)
})
afterAll(() => api.close())

it('is a valid OpenAPI 3.1 document by the published schema', async () => {
  const result = await new Validator().validate(structuredClone(raw))
  expect(result.errors ?? []).toEqual([])
  expect(result.valid).toBe(true)
  expect(document.openapi).toBe('3.1.0')
})

it('describes every route that the sources register', async () => {
  const folder = join(repositoryRoot, 'apps/admin-api/src')
  const files = (await readdir(folder)).filter((name) => /^serve-.*\.ts$/.test(name))
  const registered: string[] = []
  for (const file of files) {
    const text = await readFile(join(folder, file), 'utf8')
    const prefix = file === 'serve-health.ts' ? '' : '/v1'
    for (const [, method, path] of text.matchAll(/app\.(get|post|put|delete|patch)\(\s*'([^']+)'/g))
      registered.push(`${method} ${prefix}${path.replaceAll(/:(\w+)/g, '{$1}')}`)
  }
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  )
  expect(registered.length).toBeGreaterThan(20)
  expect(described.sort()).toEqual(registered.sort())
})

it('gives each operation an id of its own', () => {
  const ids = Object.values(document.paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  )
  expect(new Set(ids).size).toBe(ids.length)
})

it('says of every route below /v1 that it needs the token and how it fails', () => {
  for (const [path, methods] of Object.entries(document.paths)) {
    if (!path.startsWith('/v1/')) continue
    for (const [method, { security, responses }] of Object.entries(methods)) {
      expect(security, `${method} ${path}`).toEqual([{ token: [] }])
      expect(Object.keys(responses), `${method} ${path}`).toEqual(expect.arrayContaining(['401', '503']))
      expect(responses['401'].content, `${method} ${path}`).toHaveProperty(['application/problem+json'])
    }
  }
})

it('says that a prediction takes a recording, and refers to no schema that is not there', () => {
  expect(Object.keys(document.paths['/v1/predictions']['post'].requestBody!.content)).toEqual([
    'audio/*',
    'application/octet-stream',
    'multipart/form-data',
  ])
  const referred = [...JSON.stringify(raw).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name)
  expect(referred.length).toBeGreaterThan(20)
  expect(Object.keys(document.components.schemas).sort()).toEqual([...new Set(referred)].sort())
})
