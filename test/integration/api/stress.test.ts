import { problemSchema, stressEvaluationSchema } from '@ser/contracts'
import { completeStressEvaluation, startStressEvaluation } from '@ser/database'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { completeWithModel, seedRun } from './seed-rows.ts'
import { posting, startApi, type StartedApi } from './start-api.ts'

let api: StartedApi
beforeAll(async () => {
  api = await startApi()
  await completeWithModel(api.db, api.storage, await seedRun(api.db, 1))
})
afterAll(() => api.close())

const base = '/v1/models/paper/versions/1/stress-evaluations'

it('takes a request with its defaults, says where it is, lists it, enqueues it, and gives its page', async () => {
  const response = await api.call(base, posting({ seed: 4 }))
  expect(response.status).toBe(202)
  const asked = stressEvaluationSchema.parse(await response.json())
  expect(asked).toMatchObject({
    model: 'paper',
    version: 1,
    status: 'queued',
    // Clean, four noises at six levels, four rooms, the telephone, three degrees of clipping.
    progress: { recordings: null, done: 0, conditions: 33 },
    results: [],
  })
  const path = `${base}/${asked.id}`
  expect(response.headers.get('location')).toBe(path)
  expect(await (await api.call(path)).json()).toEqual(asked)
  const list = z.object({ items: z.array(stressEvaluationSchema) })
  expect(list.parse(await (await api.call(base)).json()).items).toEqual([asked])
  const queues = z.object({ items: z.array(z.looseObject({ name: z.string() })) })
  const { items } = queues.parse(await (await api.call('/v1/queues')).json())
  expect(items.find(({ name }) => name === 'evaluate')).toMatchObject({ waiting: 1 })

  await startStressEvaluation(api.db, asked.id)
  expect(await (await api.call(`${path}/report`)).text()).toContain('Not completed yet: 0 of an unknown number')
  const interval = { low: 0.4, high: 0.6 }
  const result = {
    recordings: 10,
    accuracy: 0.5,
    uar: 0.5,
    intervals: { accuracy: interval, uar: interval },
    confusion: [],
  }
  const results = [
    { condition: { kind: 'clean' as const }, ...result },
    { condition: { kind: 'noise' as const, noise: 'pink' as const, snrDb: 10 }, ...result },
  ]
  await completeStressEvaluation(api.db, asked.id, { labels: ['angry'], results })
  const page = await api.call(`${path}/report`)
  expect(page.headers.get('content-type')).toContain('text/html')
  expect(await page.text()).toContain('pink noise, 10 dB')
  const events = await (await api.call(`${path}/events`)).text()
  expect(events).toContain('event: end')
  const ended: unknown = JSON.parse(/event: end\ndata: (.*)/.exec(events)?.[1] ?? '')
  expect(stressEvaluationSchema.parse(ended)).toMatchObject({ status: 'completed', labels: ['angry'], results })
})

async function problemOf(path: string, body?: object) {
  return problemSchema.parse(await (await api.call(path, body === undefined ? {} : posting(body))).json())
}

it('says what is wrong: no such version, evaluation or dataset, levels that make no sense', async () => {
  expect(await problemOf('/v1/models/paper/versions/9/stress-evaluations', {})).toMatchObject({
    status: 404,
    code: 'MODEL_VERSION_NOT_FOUND',
  })
  expect(await problemOf(`${base}/00000000-0000-4000-8000-000000000000`)).toMatchObject({
    status: 404,
    code: 'STRESS_NOT_FOUND',
  })
  expect(await problemOf(base, { resources: { noise: { dataset: 'nowhere' } } })).toMatchObject({
    status: 404,
    code: 'DATASET_NOT_FOUND',
  })
  expect(await problemOf(base, { snrDb: [10, 10] })).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' })
  expect(await problemOf(base, { noises: ['recordings'] })).toMatchObject({ status: 422, code: 'RESOURCES_MISSING' })
})
