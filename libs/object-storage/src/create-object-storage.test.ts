import { createServer, type RequestListener } from 'node:http'
import { expect, test } from 'vitest'
import { createObjectStorage } from './create-object-storage.ts'

async function withServer(answer: RequestListener, work: (endpoint: string) => Promise<void>): Promise<void> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  try {
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('the test server has no port')
    await work(`http://127.0.0.1:${address.port}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

const keys = { accessKey: 'key', secretKey: 'secret', bucket: 'recordings' }

test('a service that is overloaded is transient, and costs no socket', async () => {
  await withServer(
    (_request, response) => response.writeHead(503).end('x'.repeat(100_000)),
    async (endpoint) => {
      // One socket only: were it kept by the unread answer, the second call would wait for ever.
      const storage = createObjectStorage({ ...keys, endpoint, sockets: 1, idleMs: 2000 })
      for (let call = 0; call < 3; call += 1)
        await expect(storage.get('a')).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE', kind: 'transient' })
      storage.close()
    },
  )
})

test('a service that does not answer is given up', async () => {
  await withServer(
    () => undefined,
    async (endpoint) => {
      const storage = createObjectStorage({ ...keys, endpoint, idleMs: 50 })
      await expect(storage.get('a')).rejects.toMatchObject({
        kind: 'transient',
        message: expect.stringContaining('no byte in 50 ms'),
      })
      storage.close()
    },
  )
})

test('a transfer that breaks off in the middle is transient', async () => {
  await withServer(
    (_request, response) => {
      response.writeHead(200, { 'content-length': 1000 })
      response.write('x'.repeat(10), () => response.destroy())
    },
    async (endpoint) => {
      const storage = createObjectStorage({ ...keys, endpoint })
      await expect(storage.get('a')).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE', ids: { key: 'a' } })
      storage.close()
    },
  )
})

function listing(names: readonly string[], nextToken?: string): string {
  const contents = names.map((key) => `<Contents><Key>${key}</Key><Size>7</Size></Contents>`).join('')
  const next = nextToken === undefined ? '' : `<NextContinuationToken>${nextToken}</NextContinuationToken>`
  return `<?xml version="1.0"?><ListBucketResult><IsTruncated>${nextToken !== undefined}</IsTruncated>${contents}${next}</ListBucketResult>`
}

test('lists on from answer to answer', async () => {
  await withServer(
    (request, response) => {
      const isFirst = !request.url?.includes('continuation-token=more')
      response.end(isFirst ? listing(['a/1', 'a/2'], 'more') : listing(['a/3']))
    },
    async (endpoint) => {
      const storage = createObjectStorage({ ...keys, endpoint })
      const listed: string[] = []
      for await (const { key } of storage.list('a/')) listed.push(key)
      expect(listed).toEqual(['a/1', 'a/2', 'a/3'])
      storage.close()
    },
  )
})
