import { SerError, type FailureKind } from '@ser/contracts'
import { UnrecoverableError } from 'bullmq'
import { expect, test, vi } from 'vitest'
import { runJob, type StageHandler } from './run-job.ts'

const runId = '018f2d6e-0000-7000-8000-000000000000'
const { signal } = new AbortController()

type Given = { readonly attemptsMade?: number; readonly data?: unknown }

async function run(handler: StageHandler<'train'>, { attemptsMade = 0, data = { runId } }: Given = {}) {
  const onFinished = vi.fn()
  const job = { id: 'train-1', data, attemptsMade, opts: { attempts: 3 } }
  const ended = await runJob('train', job, handler, { signal, onFinished }).then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  )
  return { ...ended, report: onFinished.mock.calls[0][0] }
}

function failing(kind: FailureKind): StageHandler<'train'> {
  return () => Promise.reject(new SerError('CODE', 'what happened', { kind }))
}

test('hands the handler its payload, the attempt and whether it is the last', async () => {
  const handler = vi.fn(async () => ({ done: 1 }))
  expect(await run(handler, { attemptsMade: 2 })).toMatchObject({
    result: { done: 1 },
    report: { outcome: 'completed' },
  })
  expect(handler).toHaveBeenCalledWith({ runId }, { jobId: 'train-1', attempt: 3, lastAttempt: true, signal })
})

test('a payload that the schema does not know is never retried and never reaches the handler', async () => {
  const handler = vi.fn(async () => undefined)
  const { error, report } = { error: undefined, ...(await run(handler, { data: { runId: 'x' } })) }
  expect(error).toBeInstanceOf(UnrecoverableError)
  expect(report).toMatchObject({ outcome: 'failed', error: { code: 'JOB_INVALID' } })
  expect(handler).not.toHaveBeenCalled()
})

test.each(['bad-input', 'conflict'] as const)('%s is never retried', async (kind) => {
  const { error, report } = { error: undefined, ...(await run(failing(kind))) }
  expect(error).toBeInstanceOf(UnrecoverableError)
  expect(error).toMatchObject({ message: 'CODE: what happened' })
  expect(report).toMatchObject({ outcome: 'failed' })
})

test('a vanished row ends the job quietly', async () => {
  expect(await run(failing('gone'))).toMatchObject({
    result: { gone: 'CODE: what happened' },
    report: { outcome: 'gone' },
  })
})

test('what is transient is thrown as it is, and failed for good only at the last attempt', async () => {
  const first = await run(failing('transient'))
  expect(first).toMatchObject({ error: { code: 'CODE' }, report: { outcome: 'retried', attempt: 1 } })
  expect(first).not.toMatchObject({ error: expect.any(UnrecoverableError) })
  expect(await run(failing('transient'), { attemptsMade: 2 })).toMatchObject({
    report: { outcome: 'failed', attempt: 3 },
  })
})

test('an error that nobody has named is taken as transient', async () => {
  const { report } = await run(() => Promise.reject(new TypeError('x is not a function')))
  expect(report).toMatchObject({ outcome: 'retried' })
})
