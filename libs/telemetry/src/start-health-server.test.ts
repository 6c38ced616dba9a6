import { expect, test } from 'vitest'
import { createMetrics } from './create-metrics.ts'
import { startHealthServer, type HealthCheck } from './start-health-server.ts'

async function ask(checks: Record<string, HealthCheck>, path: string) {
  const metrics = createMetrics({ app: 'test' })
  metrics.countJob({ stage: 'features', outcome: 'completed', seconds: 0.2 })
  metrics.countClips('features', 'vector', 3)
  metrics.watchQueues(async () => [{ name: 'features', waiting: 7, active: 1, delayed: 0, completed: 2, failed: 0 }])
  const server = await startHealthServer({ port: 0, checks, registry: metrics.registry, checkTimeoutMs: 50 })
  try {
    const response = await fetch(`${server.url}${path}`)
    return { status: response.status, text: await response.text() }
  } finally {
    await server.close()
  }
}

const passes = async () => undefined
const fails = () => Promise.reject(new Error('connect ECONNREFUSED'))

test('is alive whatever its services do, and ready when all of them answer', async () => {
  expect((await ask({ postgres: fails }, '/health/live')).status).toBe(200)
  expect(await ask({ postgres: passes }, '/health/ready')).toMatchObject({ status: 200 })
  const unready = await ask({ postgres: fails, redis: passes }, '/health/ready')
  expect(unready.status).toBe(503)
  expect(JSON.parse(unready.text)).toEqual({
    status: 'unavailable',
    checks: { postgres: 'connect ECONNREFUSED', redis: 'ok' },
  })
})

test('a check that does not answer in time has failed', async () => {
  const unready = await ask({ redis: () => new Promise(() => undefined) }, '/health/ready')
  expect(unready.status).toBe(503)
  expect(unready.text).toContain('no answer in 50 ms')
})

test('shows jobs, clips and queue depths to Prometheus', async () => {
  const { text } = await ask({}, '/metrics')
  expect(text).toContain('ser_jobs_total{stage="features",outcome="completed",app="test"} 1')
  expect(text).toContain('ser_clips_total{stage="features",outcome="vector",app="test"} 3')
  expect(text).toContain('ser_queue_jobs{queue="features",state="waiting",app="test"} 7')
  expect(text).toContain('ser_job_duration_seconds_bucket{le="0.25",app="test",stage="features"} 1')
})

test('says that a path is not there', async () => {
  expect((await ask({}, '/')).status).toBe(404)
})
