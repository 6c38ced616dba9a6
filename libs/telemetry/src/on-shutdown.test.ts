import { EventEmitter } from 'node:events'
import { expect, test, vi } from 'vitest'
import { onShutdown } from './on-shutdown.ts'

function stage(closers: Record<string, () => unknown>, deadlineMs = 5000) {
  const signals = new EventEmitter()
  const logger = { info: vi.fn(), error: vi.fn() }
  const exited = new Promise<number>((resolve) => {
    const host = Object.assign(signals, { exit: (code: number) => resolve(code) })
    onShutdown(closers, { logger, deadlineMs, process: host })
  })
  return { signals, logger, exited }
}

test('closes in reverse order of opening, one after the other, and ends well', async () => {
  const closed: string[] = []
  const { signals, exited } = stage({
    database: () => closed.push('database'),
    worker: async () => {
      await Promise.resolve()
      closed.push('worker')
    },
  })
  signals.emit('SIGTERM')
  expect(await exited).toBe(0)
  expect(closed).toEqual(['worker', 'database'])
})

test('closes the rest when one fails, and says so in its status', async () => {
  const database = vi.fn()
  const { signals, logger, exited } = stage({ database, worker: () => Promise.reject(new Error('stuck')) })
  signals.emit('SIGINT')
  expect(await exited).toBe(1)
  expect(database).toHaveBeenCalledOnce()
  expect(logger.error).toHaveBeenCalledOnce()
})

test('does not wait longer than the deadline', async () => {
  const { signals, exited } = stage({ worker: () => new Promise(() => undefined) }, 20)
  signals.emit('SIGTERM')
  expect(await exited).toBe(1)
})

test('ends at once on a second signal', async () => {
  const { signals, exited } = stage({ worker: () => new Promise(() => undefined) })
  signals.emit('SIGTERM')
  signals.emit('SIGTERM')
  expect(await exited).toBe(1)
})
