import { createServer } from 'node:net'
import { request as httpRequest } from 'node:http'
import { problemSchema } from '@ser/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { posting, startApi, type StartedApi } from './start-api.ts'

let api: StartedApi
beforeAll(async () => {
  api = await startApi({ SER_MAX_RECORDING_BYTES: '200000', SER_INGEST_ROOTS: '/allowed' })
})
afterAll(() => api.close())

async function problemOf(response: Response) {
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
  const problem = problemSchema.parse(await response.json())
  expect(problem.status).toBe(response.status)
  return problem
}

describe('the bearer token', () => {
  it.each(['', 'Bearer', 'Bearer wrong', 'Basic abc', 'bearer x y'])(
    'is asked for when %j is sent',
    async (authorization) => {
      const response = await api.call('/v1/runs', { headers: { authorization } })
      expect(response.status).toBe(401)
      expect(response.headers.get('www-authenticate')).toContain('Bearer')
      expect((await problemOf(response)).code).toBe('UNAUTHORIZED')
    },
  )

  it('is asked for before the body is looked at', async () => {
    const response = await api.call('/v1/runs', {
      ...posting({ nonsense: true }),
      headers: { authorization: 'Bearer no', 'content-type': 'application/json' },
    })
    expect(response.status).toBe(401)
  })

  it('opens the API, whatever the case of the scheme', async () => {
    const response = await api.call('/v1/runs', { headers: { authorization: `bearer ${api.token}` } })
    expect(response.status).toBe(200)
  })

  it('is not asked for by health, metrics and the API description', async () => {
    for (const path of ['/health/live', '/health/ready', '/metrics', '/openapi.json'])
      expect((await fetch(new URL(path, api.url))).status, path).toBe(200)
  })
})

describe('a request that is not valid', () => {
  it('is told every place that is wrong', async () => {
    const response = await api.call('/v1/runs', posting({ datasets: ['Bad Name'], epochs: 0, surprise: 1 }))
    const problem = await problemOf(response)
    expect(problem).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' })
    expect(problem.errors!.map(({ path }) => path).sort()).toEqual(['body', 'body/datasets/0', 'body/epochs'])
  })

  it('is told about its query and its path too', async () => {
    expect((await problemOf(await api.call('/v1/clips?limit=1000'))).errors).toEqual([
      { path: 'query/limit', message: expect.stringContaining('200') },
    ])
    expect((await problemOf(await api.call('/v1/runs/not-an-id'))).errors![0].path).toBe('params/id')
    expect((await problemOf(await api.call('/v1/clips?datset=tess'))).errors![0].message).toContain('datset')
  })

  it.each([
    ['/v1/clips?label=a%00b', undefined, 'query/label'],
    ['/v1/clips?cursor=a%00b', undefined, 'query/cursor'],
    ['/v1/ingestions', { dataset: 'x', source: { kind: 'folder', path: '/allowed/a\0b' } }, 'body/source/path'],
    ['/v1/ingestions', { dataset: 'x', source: { kind: 's3', bucket: 'abc', prefix: '\uD800' } }, 'body/source/prefix'],
    ['/v1/runs', { datasets: ['x'], split: { by: 'speaker', test: ['O\0F'] } }, 'body/split/test/0'],
    ['/v1/models/x/rollbacks', { reason: 'be\0cause' }, 'body/reason'],
  ])('is told of text that cannot be stored: %s %j', async (path, body, place) => {
    const problem = await problemOf(await api.call(path, body === undefined ? {} : posting(body)))
    expect(problem).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' })
    expect(problem.errors).toEqual([{ path: place, message: expect.stringContaining('no NUL character') }])
  })

  it('is told of a folder that the ingest app may not read before anything is kept of it', async () => {
    const body = { dataset: 'outside', source: { kind: 'folder', path: '/allowed/../etc' } }
    expect(await problemOf(await api.call('/v1/ingestions', posting(body)))).toMatchObject({
      status: 422,
      code: 'SOURCE_OUTSIDE_ROOTS',
      detail: expect.stringMatching(/\/allowed\/\.\.\/etc lies in no folder .*\(\/allowed\): move it there/),
    })
    expect(await (await api.call('/v1/ingestions')).json()).toMatchObject({ items: [] })
  })

  it('is told of a path that no route could take', async () => {
    const long = await api.call(`/v1/models/${'x'.repeat(3000)}`)
    expect(await problemOf(long)).toMatchObject({ status: 414, code: 'PATH_TOO_LONG' })
    expect(await problemOf(await api.call('/v1/models/%ff'))).toMatchObject({ status: 400, code: 'PATH_INVALID' })
  })

  it('is logged without its query, where somebody may have put a token', async () => {
    const id = 'a-token-in-the-query'
    const response = await api.call(`/v1/runs?token=${api.token}`, { headers: { 'x-request-id': id } })
    expect(response.status).toBe(400)
    expect(await api.app.sees(new RegExp(`${id}.*/v1/runs"`))).toContain('GET')
    await api.app.sees(new RegExp(`${id}.*request completed`))
    expect(api.app.output()).not.toContain(api.token)
  })

  it('is refused when its JSON is broken or not JSON at all', async () => {
    const broken = { ...posting({}), body: '{"datasets":' }
    expect(await problemOf(await api.call('/v1/runs', broken))).toMatchObject({ status: 400, code: 'INVALID_JSON' })
    const text = { method: 'POST', headers: { 'content-type': 'text/csv' }, body: 'a,b' }
    expect(await problemOf(await api.call('/v1/runs', text))).toMatchObject({
      status: 415,
      code: 'UNSUPPORTED_MEDIA_TYPE',
    })
  })

  it('is refused when its body is too large', async () => {
    const large = posting({ model: 'x'.repeat(1_100_000), datasets: ['tess'] })
    expect(await problemOf(await api.call('/v1/runs', large))).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE' })
    const recording = { method: 'POST', headers: { 'content-type': 'audio/wav' }, body: new Uint8Array(200_001) }
    expect(await problemOf(await api.call('/v1/predictions', recording))).toMatchObject({
      status: 413,
      code: 'BODY_TOO_LARGE',
    })
    const form = new FormData()
    form.append('file', new Blob([new Uint8Array(200_001)]), 'a.wav')
    const multipart = await api.call('/v1/predictions', { method: 'POST', body: form })
    expect(await problemOf(multipart)).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE' })
  })

  it('is told when there is no such route or thing', async () => {
    expect(await problemOf(await api.call('/v1/nothing'))).toMatchObject({ status: 404, code: 'ROUTE_NOT_FOUND' })
    expect(await problemOf(await api.call('/v1/runs', { method: 'DELETE' }))).toMatchObject({ status: 404 })
    const id = '3f5e3a6e-8f51-4e0e-9a3c-5d0d51a3b1f1'
    for (const [path, code] of [
      [`/v1/runs/${id}`, 'RUN_NOT_FOUND'],
      [`/v1/runs/${id}/events`, 'RUN_NOT_FOUND'],
      [`/v1/runs/${id}/report`, 'RUN_NOT_FOUND'],
      [`/v1/ingestions/${id}`, 'INGESTION_NOT_FOUND'],
      [`/v1/ingestions/${id}/events`, 'INGESTION_NOT_FOUND'],
      ['/v1/models/none/versions', 'MODEL_NOT_FOUND'],
      ['/v1/models/none/versions/1', 'MODEL_NOT_FOUND'],
      ['/v1/models/none/versions/1/artefact', 'MODEL_VERSION_NOT_FOUND'],
      ['/v1/datasets/none/progress', 'DATASET_NOT_FOUND'],
    ] as const)
      expect(await problemOf(await api.call(path)), path).toMatchObject({ status: 404, code })
  })

  it('is told when its cursor is not one of ours, also when it only looks like one', async () => {
    for (const cursor of [
      'x',
      made([1, 2]),
      made({}),
      made(['a', 'b']),
      made([1e300, 'a']),
      made(['2020', '1']),
      made([1, 'b\0']),
    ]) {
      for (const list of ['clips', 'rejections', 'runs', 'ingestions']) {
        const response = await api.call(`/v1/${list}?cursor=${cursor}`)
        expect([400, 422], `${list} ${cursor}`).toContain(response.status)
      }
      // Of other kinds, or with what Postgres cannot hold.
      if (cursor.length < 12 || cursor === made([1, 'b\0']))
        expect(await problemOf(await api.call(`/v1/clips?cursor=${cursor}`))).toMatchObject({ code: 'CURSOR_INVALID' })
    }
  })
})

describe('a request id', () => {
  it('is the one that the caller sent, when it is harmless', async () => {
    const response = await api.call('/v1/runs', { headers: { 'x-request-id': 'trace-42' } })
    expect(response.headers.get('x-request-id')).toBe('trace-42')
    const strange = await api.call('/v1/runs', { headers: { 'x-request-id': 'a b "c"' } })
    expect(strange.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('health', () => {
  it('says of each service that it answers', async () => {
    const response = await fetch(new URL('/health/ready', api.url))
    expect(await response.json()).toEqual({ status: 'ok', checks: { postgres: 'ok', redis: 'ok', s3: 'ok' } })
  })

  it('is not ready when a service is away, but alive', async () => {
    const other = await startApi({ REDIS_URL: `redis://127.0.0.1:${await freePort()}` })
    try {
      const ready = await fetch(new URL('/health/ready', other.url))
      expect(ready.status).toBe(503)
      expect(await ready.json()).toMatchObject({ status: 'unavailable', checks: { postgres: 'ok', s3: 'ok' } })
      expect((await fetch(new URL('/health/live', other.url))).status).toBe(200)
      const queues = await other.call('/v1/queues')
      expect(queues.headers.get('retry-after')).not.toBeNull()
      expect(await problemOf(queues)).toMatchObject({ status: 503, code: 'QUEUE_UNAVAILABLE' })
    } finally {
      await other.close()
    }
  })

  it('has metrics that Prometheus reads', async () => {
    const response = await fetch(new URL('/metrics', api.url))
    expect(response.headers.get('content-type')).toContain('text/plain')
    expect(await response.text()).toMatch(/^ser_queue_jobs\{queue="train",state="waiting",app="admin-api"\} 0$/m)
  })
})

it('writes no token and no password into its log', async () => {
  await api.call('/v1/runs')
  await api.call('/v1/runs', { headers: { authorization: 'Bearer guess-of-a-token' } })
  const log = api.app.output()
  expect(log).toContain('request completed')
  expect(log).not.toContain(api.token)
  expect(log).not.toContain('guess-of-a-token')
})

it('survives a client that goes away in the middle of a body', async () => {
  const { hostname, port } = new URL(api.url)
  await new Promise<void>((resolve) => {
    const headers = { authorization: `Bearer ${api.token}`, 'content-type': 'audio/wav', 'content-length': 100_000 }
    const request = httpRequest({ hostname, port, path: '/v1/predictions', method: 'POST', headers })
    request.on('error', () => resolve())
    request.write(new Uint8Array(1000), () => request.destroy(new Error('gone')))
  })
  expect((await api.call('/v1/runs')).status).toBe(200)
})

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

function made(keys: unknown): string {
  return Buffer.from(JSON.stringify(keys)).toString('base64url')
}
