import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { probePostgres } from './probe-postgres.mjs'
import { probeRedis } from './probe-redis.mjs'
import { probeS3, signedHeaders } from './probe-s3.mjs'

/**
 * A server that gives each connection the answer, in parts, and keeps what it was asked.
 * @param {(Buffer | string)[]} parts
 */
async function answering(parts) {
  /** @type {Buffer[]} */
  const asked = []
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', (request) => {
      asked.push(request)
      for (const part of parts) socket.write(part)
    })
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  return { port, asked, [Symbol.asyncDispose]: () => new Promise((done) => server.close(() => done(undefined))) }
}

const INFO = 'redis_version:7.2.4\r\nvalkey_version:9.1.2\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\n'

test('signs in to Redis and reads what it says of itself, also when it comes in parts', async () => {
  const server = await answering(['+OK\r\n', `$${INFO.length}\r\n${INFO.slice(0, 30)}`, `${INFO.slice(30)}\r\n`])
  const facts = await probeRedis(`redis://:pass%2Fword@127.0.0.1:${server.port}`)
  expect(facts).toEqual({ version: 'Valkey 9.1.2', policy: 'noeviction', appendOnly: true })
  expect(String(server.asked[0])).toContain('AUTH\r\n$9\r\npass/word\r\n')
  await server[Symbol.asyncDispose]()
})

test('takes a Redis that loads its data as not ready', async () => {
  const server = await answering(['-LOADING Redis is loading the dataset in memory\r\n'])
  await expect(probeRedis(`redis://127.0.0.1:${server.port}`)).rejects.toThrow('LOADING')
  await server[Symbol.asyncDispose]()
})

test('takes a Postgres that asks for the password as ready', async () => {
  const server = await answering([Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3])])
  await expect(probePostgres(`postgres://ser:secret@127.0.0.1:${server.port}/ser`)).resolves.toBe(true)
  expect(String(server.asked[0])).toContain('user\0ser\0database\0ser\0\0')
  await server[Symbol.asyncDispose]()
})

test('takes a Postgres that is starting as not ready', async () => {
  const text = Buffer.from('SFATAL\0C57P03\0Mthe database system is starting up\0\0')
  const head = Buffer.from([0x45, 0, 0, 0, text.length + 4])
  const server = await answering([head, text])
  await expect(probePostgres(`postgres://ser@127.0.0.1:${server.port}/ser`)).rejects.toThrow('is starting up')
  await server[Symbol.asyncDispose]()
})

test('takes a server that speaks another protocol as not ready', async () => {
  const server = await answering(['HTTP/1.1 400 Bad Request\r\n\r\n'])
  const url = `postgres://ser@127.0.0.1:${server.port}/ser`
  await expect(probePostgres(url)).rejects.toThrow('does not speak the protocol')
  await server[Symbol.asyncDispose]()
})

test('says that nothing listens', async () => {
  const server = await answering([])
  await server[Symbol.asyncDispose]()
  const at = `127.0.0.1:${server.port}`
  await expect(probeRedis(`redis://${at}`)).rejects.toThrow('ECONNREFUSED')
  const keys = { accessKey: 'a', secretKey: 's', region: 'us-east-1' }
  await expect(probeS3({ endpoint: `http://${at}`, ...keys })).rejects.toThrow()
})

test('signs as botocore does', () => {
  // botocore 1.44.5, S3SigV4Auth, the same request, keys and time.
  const headers = signedHeaders({
    host: '127.0.0.1:9000',
    accessKey: 'AKIDEXAMPLE',
    secretKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    region: 'us-east-1',
    now: new Date('2015-08-30T12:36:00Z'),
  })
  expect(headers['x-amz-date']).toBe('20150830T123600Z')
  expect(headers['authorization']).toMatch(
    /Signature=7510ead8224b8a03a10a857e73735dbc21f6f335bd41b9b971a942fdd3fd1e8c$/,
  )
})
