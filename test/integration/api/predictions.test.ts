import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeWav } from '@ser/audio'
import { EMOTIONS, predictionSchema } from '@ser/contracts'
import { extractFeatures } from '@ser/features'
import { loadWaveform } from '@ser/audio'
import { loadModel, loadTensorflow, predictProbabilities } from '@ser/model'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { repositoryRoot } from '../../support/services.ts'
import { completeWithModel, seedRun } from './seed-rows.ts'
import { startApi, type StartedApi } from './start-api.ts'

let api: StartedApi
let models: Awaited<ReturnType<typeof completeWithModel>>[]
beforeAll(async () => {
  api = await startApi({ SER_MAX_RECORDING_SECONDS: '5' })
  models = []
  for (const seed of [1, 2]) {
    const id = await seedRun(api.db, 1, 'small')
    models.push(await completeWithModel(api.db, api.storage, id, 'small', seed))
  }
})
afterAll(() => api.close())

const sampleRate = 24_414

function tone(seconds: number): Uint8Array {
  const samples = Float32Array.from(
    { length: Math.round(seconds * sampleRate) },
    (_, at) => 0.3 * Math.sin((2 * Math.PI * 220 * at) / sampleRate),
  )
  return encodeWav({ samples, sampleRate })
}

function predict(bytes: Uint8Array, query = '', contentType = 'audio/wav'): Promise<Response> {
  return api.call(`/v1/predictions${query}`, {
    method: 'POST',
    headers: { 'content-type': contentType },
    body: Uint8Array.from(bytes),
  })
}

it('answers with the probabilities that the model itself gives', async () => {
  const bytes = tone(1.5)
  const { tf } = await loadTensorflow()
  for (const [index, { bytes: file }] of models.entries()) {
    const response = await predict(bytes, `?model=small&version=${index + 1}`)
    expect(response.status).toBe(200)
    const prediction = predictionSchema.parse(await response.json())
    const { model } = loadModel(tf, file)
    const expected = predictProbabilities(model, extractFeatures(loadWaveform(bytes).samples))
    model.dispose()
    for (const [at, emotion] of EMOTIONS.entries())
      expect(prediction.probabilities[emotion]).toBeCloseTo(expected[at], 5)
    expect(prediction).toMatchObject({ model: 'small', version: index + 1, seconds: 1.5, sampleRate })
    expect(prediction.emotion).toBe(EMOTIONS[expected.indexOf(Math.max(...expected))])
  }
})

it('takes the newest version by default, and the recording as a multipart file', async () => {
  const form = new FormData()
  form.append('file', new Blob([Uint8Array.from(tone(1))]), 'a.wav')
  const multipart = await api.call('/v1/predictions?model=small', { method: 'POST', body: form })
  const raw = await predict(tone(1), '', 'application/octet-stream')
  const predictions = [await multipart.json(), await raw.json()].map((value) => predictionSchema.parse(value))
  expect(predictions[0].version).toBe(2)
  expect(predictions[1]).toEqual(predictions[0])
})

it('answers many at once', async () => {
  const responses = await Promise.all(Array.from({ length: 12 }, (_, index) => predict(tone(0.5 + index / 10))))
  expect(responses.map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 200))
  const answers = await Promise.all(responses.map(async (response) => predictionSchema.parse(await response.json())))
  expect(answers.map(({ seconds }) => Number(seconds.toFixed(2)))).toEqual(
    Array.from({ length: 12 }, (_, index) => Number((0.5 + index / 10).toFixed(2))),
  )
})

it.each([
  ['text', new TextEncoder().encode('this is not a recording'), 'not_audio'],
  ['a recording of a format that is not decoded', new TextEncoder().encode('....ftypM4A ....'), 'unsupported_encoding'],
  ['a recording that is too long', tone(6), 'too_long'],
])('refuses %s with the reason', async (_, bytes, code) => {
  const response = await predict(bytes)
  expect(response.status).toBe(422)
  expect(response.headers.get('content-type')).toContain('application/problem+json')
  expect(await response.json()).toMatchObject({ status: 422, code, detail: expect.stringMatching(/.{20,}/) })
})

it.each([
  ['mono16.flac', 'audio/flac', 22_050],
  ['mono.mp3', 'audio/mpeg', 16_000],
  ['stereo.opus', 'audio/ogg', 48_000],
])('takes %s', async (name, type, rate) => {
  const bytes = readFileSync(join(repositoryRoot, 'libs/audio/fixtures/compressed', name))
  const response = await predict(bytes, '', type)
  expect(response.status).toBe(200)
  const prediction = predictionSchema.parse(await response.json())
  expect(prediction.sampleRate).toBe(rate)
  expect(prediction.seconds).toBeCloseTo(0.4, 0)
})

it('refuses a request without a recording', async () => {
  const empty = await api.call('/v1/predictions', { method: 'POST' })
  expect(empty.status).toBe(422)
  expect(await empty.json()).toMatchObject({ code: 'NO_RECORDING' })
  const noFile = await api.call('/v1/predictions', { method: 'POST', body: new FormData() })
  expect(noFile.status).toBeGreaterThanOrEqual(400)
  expect(noFile.status).toBeLessThan(500)
})

it('says when there is no such version', async () => {
  const response = await predict(tone(1), '?model=small&version=9')
  expect(response.status).toBe(404)
  expect(await response.json()).toMatchObject({ code: 'MODEL_VERSION_NOT_FOUND' })
})

it('stops in order while a stream is open and the thread has a model loaded', async () => {
  const other = await startApi()
  const id = await seedRun(other.db, 1, 'small')
  await completeWithModel(other.db, other.storage, id, 'small')
  const running = await seedRun(other.db, 1)
  const body = Uint8Array.from(tone(1))
  expect(
    (await other.call('/v1/predictions', { method: 'POST', headers: { 'content-type': 'audio/wav' }, body })).status,
  ).toBe(200)
  const stream = await other.call(`/v1/runs/${running}/events`)
  const start = performance.now()
  const code = await other.app.stop()
  await stream.text().catch(() => undefined)
  expect(code).toBe(0)
  expect(performance.now() - start).toBeLessThan(10_000)
  await other.close()
})
