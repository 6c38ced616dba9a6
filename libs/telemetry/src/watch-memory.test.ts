import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { watchMemory } from './watch-memory.ts'

test('shows the threads that there are, and the most memory that the process ever held', async () => {
  const registry = new Registry()
  const threads = new Map([[1, 1000]])
  watchMemory(registry, () => threads)
  expect(await registry.metrics()).toContain('ser_thread_external_bytes{thread="1"} 1000')
  threads.clear()
  threads.set(2, 2000)
  const metrics = await registry.metrics()
  expect(metrics).toContain('ser_thread_external_bytes{thread="2"} 2000')
  expect(metrics).not.toContain('thread="1"')
  const peak = Number(/^ser_peak_resident_bytes (\d+)$/m.exec(metrics)?.[1])
  expect(peak).toBeGreaterThanOrEqual(process.memoryUsage().rss)
})
