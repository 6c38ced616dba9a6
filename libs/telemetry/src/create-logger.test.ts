import { SerError } from '@ser/contracts'
import { expect, test } from 'vitest'
import { createLogger } from './create-logger.ts'

function capture() {
  const lines: string[] = []
  const logger = createLogger({ app: 'test', destination: { write: (line) => void lines.push(line) } })
  return { logger, lines }
}

test('writes no secret, however deep it lies', () => {
  const { logger, lines } = capture()
  logger.info(
    { config: { s3: { secretKey: 'hunter2' } }, token: 'hunter2', DATABASE_URL: 'postgres://a:hunter2@b' },
    'x',
  )
  logger.error({ err: new Error('cannot reach postgres://ser:hunter2@db:5432/ser') }, 'y')
  expect(lines.join('')).not.toContain('hunter2')
  expect(lines.join('')).toContain('postgres://ser:[redacted]@db:5432/ser')
})

test('keeps the code, kind and ids of an error, and its cause', () => {
  const { logger, lines } = capture()
  const error = new SerError('OBJECT_GONE', 'there is no object', {
    kind: 'gone',
    ids: { clip: 'abc' },
    cause: new Error('status 404'),
  })
  logger.error({ err: error }, 'job failed')
  const line: unknown = JSON.parse(lines[0])
  expect(line).toMatchObject({
    app: 'test',
    level: 'error',
    msg: 'job failed',
    err: { code: 'OBJECT_GONE', kind: 'gone', ids: { clip: 'abc' }, stack: expect.stringContaining('status 404') },
  })
})
