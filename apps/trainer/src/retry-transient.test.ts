import { SerError } from '@ser/contracts'
import { expect, test } from 'vitest'
import { retryTransient } from './retry-transient.ts'

const { signal } = new AbortController()
const lost = () => new SerError('DATABASE_UNAVAILABLE', 'gone for a moment', { kind: 'transient' })

function failing(times: number, error: () => Error) {
  const calls = { count: 0 }
  const work = async () => {
    calls.count += 1
    if (calls.count <= times) throw error()
    return 'done'
  }
  return { calls, work }
}

test('tries again what a service did not take', async () => {
  const { calls, work } = failing(2, lost)
  await expect(retryTransient(work, { signal, waitsMs: [1, 1, 1] })).resolves.toBe('done')
  expect(calls.count).toBe(3)
})

test('gives up after the last wait', async () => {
  const { calls, work } = failing(10, lost)
  await expect(retryTransient(work, { signal, waitsMs: [1, 1] })).rejects.toThrow('gone for a moment')
  expect(calls.count).toBe(3)
})

test('does not try again what cannot succeed', async () => {
  const { calls, work } = failing(1, () => new SerError('RUN_NOT_FOUND', 'no run', { kind: 'gone' }))
  await expect(retryTransient(work, { signal, waitsMs: [1] })).rejects.toThrow('no run')
  expect(calls.count).toBe(1)
})

test('stops waiting when it is told to', async () => {
  const controller = new AbortController()
  const { work } = failing(1, lost)
  const waiting = retryTransient(work, { signal: controller.signal, waitsMs: [60_000] })
  controller.abort()
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
})
