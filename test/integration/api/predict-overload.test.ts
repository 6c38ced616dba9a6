import { predictionSchema } from '@ser/contracts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { hum, readMetric, send, sendForm, tones } from './predict-requests.ts'
import { completeWithModel, seedRun } from './seed-rows.ts'
import { startApi, type StartedApi } from './start-api.ts'

let api: StartedApi
beforeAll(async () => {
  api = await startApi({ SER_PREDICTION_QUEUE: '3', SER_PREDICTION_TIMEOUT_SECONDS: '60' })
  await completeWithModel(api.db, api.storage, await seedRun(api.db, 1, 'small'), 'small')
  expect((await send(api, clip)).status).toBe(200)
})
afterAll(() => api.close())

const clip = tones({ hertz: 220, seconds: 1 })
const long = hum(300)

it('tells those that are too many to come again, and answers the others', async () => {
  const responses = await Promise.all(Array.from({ length: 40 }, () => send(api, clip)))
  const busy = responses.filter(({ status }) => status === 503)
  expect(busy.length).toBeGreaterThan(0)
  for (const response of busy) {
    expect(response.headers.get('retry-after')).toBe('1')
    expect(await response.json()).toMatchObject({ code: 'PREDICTIONS_BUSY' })
  }
  const answered = responses.filter(({ status }) => status === 200)
  expect(answered.length).toBe(40 - busy.length)
  expect(answered.length).toBeGreaterThanOrEqual(3)
  for (const response of answered) predictionSchema.parse(await response.json())
  expect(await readMetric(api, 'ser_predictions_total', 'outcome="busy"')).toBe(busy.length)
  // One more is from before the tests.
  expect(await readMetric(api, 'ser_predictions_total', 'outcome="answered"')).toBe(answered.length + 1)
  expect(await readMetric(api, 'ser_prediction_request_seconds_count', 'kind="recording"')).toBe(answered.length + 1)
  expect((await send(api, clip)).status).toBe(200)
})

it('takes a batch as a whole or not at all', async () => {
  const files = Array.from({ length: 4 }, (_, index) => [`${index}.wav`, clip] as const)
  const response = await sendForm(api, '/v1/predictions/batch', files)
  expect(response.status).toBe(503)
  expect(response.headers.get('retry-after')).toBe('1')
  expect((await sendForm(api, '/v1/predictions/batch', files.slice(1))).status).toBe(200)
})

it('drops the work of a client that has gone', async () => {
  const cancelled = () => readMetric(api, 'ser_predictions_total', 'outcome="cancelled"')
  const waiting = () => readMetric(api, 'ser_predictions_waiting', 'lane="long"')
  const timelines = () => readMetric(api, 'ser_prediction_request_seconds_count', 'kind="timeline"')
  const clients = Array.from({ length: 4 }, () => new AbortController())
  const requests = clients.map(({ signal }) => send(api, long, '?hop=0.05', { signal }).catch(() => 'gone'))
  // One is worked on, and the others wait for it.
  await expect.poll(waiting, { timeout: 20_000, interval: 20 }).toBe(3)
  for (const client of clients) client.abort()
  expect(await Promise.all(requests)).toEqual(['gone', 'gone', 'gone', 'gone'])
  await expect.poll(cancelled, { timeout: 20_000 }).toBe(4)
  expect(await waiting()).toBe(0)
  expect(await timelines()).toBe(0)
  expect((await send(api, clip)).status).toBe(200)
})

it('gives up what takes too long, and answers what comes after', async () => {
  const impatient = await startApi({ SER_PREDICTION_TIMEOUT_SECONDS: '1' })
  try {
    await completeWithModel(impatient.db, impatient.storage, await seedRun(impatient.db, 1, 'small'), 'small')
    await expect.poll(async () => (await send(impatient, clip)).status, { timeout: 30_000 }).toBe(200)
    const response = await send(impatient, hum(900), '?hop=0.05&window=5')
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ code: 'PREDICTION_TIMEOUT' })
    expect((await send(impatient, clip)).status).toBe(200)
    expect(await readMetric(impatient, 'ser_predictions_total', 'outcome="timeout"')).toBeGreaterThanOrEqual(1)
  } finally {
    await impatient.close()
  }
})
