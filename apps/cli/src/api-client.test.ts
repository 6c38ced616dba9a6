import { createServer, type RequestListener } from 'node:http'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { createApiClient, type ApiClient } from './api-client.ts'
import { readEvents } from './read-events.ts'

async function withApi(answer: RequestListener, work: (client: ApiClient) => Promise<void>): Promise<void> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  try {
    await work(createApiClient({ url: `http://127.0.0.1:${port}`, token: 'a-token-of-some-length' }))
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

it.each([
  [404, 4],
  [401, 4],
  [422, 4],
  [500, 5],
  [503, 3],
])('ends an answer of %i with exit code %i and the problem that it tells', async (status, exitCode) => {
  const problem = { type: 'urn:x', title: 'T', status, detail: 'what is wrong', code: 'SOME_CODE' }
  await withApi(
    (_request, response) =>
      response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem)),
    async (client) => {
      await expect(client.get('/v1/x', z.unknown())).rejects.toMatchObject({
        exitCode,
        code: 'SOME_CODE',
        message: 'what is wrong',
      })
    },
  )
})

it('says how to start an API that does not answer', async () => {
  let stopped: ApiClient | undefined
  await withApi(ignoreRequest, async (client) => {
    stopped = client
  })
  await expect(stopped!.get('/v1/x', z.unknown())).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringMatching(/ECONNREFUSED.*npx ser serve/),
  })
})

it('sends the token, the query and the bytes', async () => {
  await withApi(
    (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () =>
        response.end(
          JSON.stringify({
            url: request.url,
            authorization: request.headers.authorization,
            body: Buffer.concat(chunks).toString(),
          }),
        ),
      )
    },
    async (client) => {
      const echo = z.object({ url: z.string(), authorization: z.string(), body: z.string() })
      expect(
        await client.post('/p', echo, { bytes: Buffer.from('RIFF'), query: { model: 'a', version: undefined } }),
      ).toEqual({
        url: '/p?model=a',
        authorization: 'Bearer a-token-of-some-length',
        body: 'RIFF',
      })
    },
  )
})

it('opens a stream that breaks off again from the last event', async () => {
  const seen: (string | undefined)[] = []
  await withApi(
    (request, response) => {
      const last = request.headers['last-event-id']
      seen.push(typeof last === 'string' ? last : undefined)
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      if (last === undefined) response.write('id: 1\nevent: epoch\ndata: 1\n\n', () => response.destroy())
      else response.end(': comment\n\nid: 2\nevent: epoch\ndata: 2\n\nevent: end\ndata: {}\n\n')
    },
    async (client) => {
      const events: string[] = []
      for await (const { event, data } of readEvents(client, '/e', new AbortController().signal))
        events.push(`${event} ${data}`)
      expect(events).toEqual(['epoch 1', 'epoch 2', 'end {}'])
      expect(seen).toEqual([undefined, '1'])
    },
  )
})

it('does not open a stream again that was refused', async () => {
  let requests = 0
  await withApi(
    (_request, response) => {
      requests += 1
      response.writeHead(404).end('{}')
    },
    async (client) => {
      const events = readEvents(client, '/e', new AbortController().signal)
      await expect(events.next()).rejects.toMatchObject({ exitCode: 4 })
      expect(requests).toBe(1)
    },
  )
})

function ignoreRequest(): void {}
