import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { predictionBatchSchema, predictionSchema, problemSchema } from '@ser/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { repositoryRoot } from '../../support/services.ts'
import { readMetric, send, sendForm, tones } from './predict-requests.ts'
import { completeWithModel, seedRun } from './seed-rows.ts'
import { startApi, type StartedApi } from './start-api.ts'

let api: StartedApi
beforeAll(async () => {
  api = await startApi({ SER_TIMELINE_SECONDS: '5', SER_MAX_RECORDING_BYTES: '1200000', SER_PREDICTION_QUEUE: '64' })
  await completeWithModel(api.db, api.storage, await seedRun(api.db, 1, 'small'), 'small')
})
afterAll(() => api.close())

const clip = (index: number) => tones({ hertz: 150 + 20 * index, seconds: 0.5 + index / 10 })
const BATCH = '/v1/predictions/batch'

describe('a batch', () => {
  it('is answered in the order of its recordings, each as it would be alone', async () => {
    const files = Array.from({ length: 10 }, (_, index) => [`${index}.wav`, clip(index)] as const)
    const response = await sendForm(api, BATCH, files)
    expect(response.status).toBe(200)
    const { items } = predictionBatchSchema.parse(await response.json())
    expect(items.map(({ file }) => file)).toEqual(files.map(([name]) => name))
    for (const [index, [, bytes]] of files.entries()) {
      const alone = predictionSchema.parse(await (await send(api, bytes)).json())
      const { prediction } = items[index]
      expect(prediction).toMatchObject({ emotion: alone.emotion, seconds: alone.seconds, timeline: null })
      expect(prediction!.confidence).toBeCloseTo(alone.confidence, 5)
    }
  })

  it('is classified in a few calls of the model', async () => {
    const takenBefore = await readMetric(api, 'ser_prediction_batch_recordings_count')
    const files = Array.from({ length: 20 }, (_, index) => [`${index}.wav`, clip(index % 5)] as const)
    expect((await sendForm(api, BATCH, files)).status).toBe(200)
    expect((await readMetric(api, 'ser_prediction_batch_recordings_count')) - takenBefore).toBeLessThanOrEqual(2)
  })

  it('has a problem for each recording that cannot be used, and an answer for each of the others', async () => {
    const webm = readFileSync(join(repositoryRoot, 'libs/audio/fixtures/compressed/stereo.webm'))
    const response = await sendForm(api, BATCH, [
      ['good.wav', clip(0)],
      ['notes.txt', new TextEncoder().encode('this is not a recording')],
      ['empty.wav', new Uint8Array()],
      ['silence.wav', tones({ hertz: 0, seconds: 1 })],
      ['browser.webm', webm],
      ['long.wav', tones({ hertz: 200, seconds: 7 })],
    ])
    expect(response.status).toBe(200)
    const { items } = predictionBatchSchema.parse(await response.json())
    expect(items.map(({ problem }) => problem?.code ?? null)).toEqual([
      null,
      'not_audio',
      'empty',
      'SILENT',
      null,
      null,
    ])
    expect(items.map(({ problem }) => problem?.status ?? 200)).toEqual([200, 422, 422, 422, 200, 200])
    expect(items.map(({ prediction }) => prediction?.timeline?.windows.length ?? 0)).toEqual([0, 0, 0, 0, 0, 6])
    expect(items[4].prediction).toMatchObject({ sampleRate: 48_000, timeline: null })
  })

  it('of one speaker is answered together, as wholes, and says what it was normalised by', async () => {
    const response = await sendForm(api, `${BATCH}?speaker=one`, [
      ['a.wav', clip(0)],
      ['notes.txt', new TextEncoder().encode('this is not a recording')],
      ['b.wav', clip(1)],
      ['long.wav', tones({ hertz: 200, seconds: 7 })],
    ])
    expect(response.status).toBe(200)
    const { items } = predictionBatchSchema.parse(await response.json())
    expect(items.map(({ problem }) => problem?.code ?? null)).toEqual([null, 'not_audio', null, 'TOO_LONG_FOR_SPEAKER'])
    // The model does not normalise by speaker: as alone, and of no statistics.
    const alone = predictionSchema.parse(await (await send(api, clip(1))).json())
    expect(items[2].prediction).toMatchObject({ emotion: alone.emotion, speakerStatistics: null })
    const windowed = await sendForm(api, `${BATCH}?speaker=one&window=1`, [['a.wav', clip(0)]])
    expect(problemSchema.parse(await windowed.json())).toMatchObject({ status: 422, code: 'OPTIONS_INVALID' })
    expect((await sendForm(api, `${BATCH}?speaker=two`, [['a.wav', clip(0)]])).status).toBe(400)
  })

  it('is refused as a whole when it is empty, has too many recordings, or asks for what is not there', async () => {
    const many = Array.from({ length: 65 }, (_, index) => [`${index}.wav`, clip(0)] as const)
    for (const [response, status, code] of [
      [await sendForm(api, BATCH, [], { minConfidence: '0.5' }), 422, 'NO_RECORDING'],
      [await sendForm(api, BATCH, many), 413, undefined],
      [await sendForm(api, BATCH, [['a.wav', new Uint8Array(1_200_001)]]), 413, 'BODY_TOO_LARGE'],
      [await sendForm(api, `${BATCH}?model=none`, [['a.wav', clip(0)]]), 404, 'MODEL_NOT_FOUND'],
      [await sendForm(api, BATCH, [['a.wav', clip(0)]], { minConfidence: 'much' }), 422, 'OPTIONS_INVALID'],
      [await sendForm(api, BATCH, [['a.wav', clip(0)]], { colour: 'red' }), 422, 'OPTIONS_INVALID'],
    ] as const) {
      expect(response.status, code).toBe(status)
      if (code !== undefined) expect(await response.json()).toMatchObject({ code })
    }
  })
})

describe('one recording', () => {
  it('says where several are to be sent', async () => {
    const response = await sendForm(api, '/v1/predictions', [
      ['a.wav', clip(0)],
      ['b.wav', clip(1)],
    ])
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({
      code: 'SEVERAL_RECORDINGS',
      detail: expect.stringContaining('/batch'),
    })
  })

  it('is uncertain below the confidence that is asked for, with its best guess all the same', async () => {
    const plain = predictionSchema.parse(await (await send(api, clip(3))).json())
    expect(plain).toMatchObject({ uncertain: false, confidence: Math.max(...Object.values(plain.probabilities)) })
    const above = plain.confidence + 0.001
    const asked = predictionSchema.parse(await (await send(api, clip(3), `?minConfidence=${above}`)).json())
    expect(asked).toEqual({ ...plain, uncertain: true })
    const below = String(plain.confidence - 0.001)
    const form = await sendForm(api, '/v1/predictions', [['a.wav', clip(3)]], { minConfidence: below })
    expect(predictionSchema.parse(await form.json())).toEqual(plain)
    expect(await readMetric(api, 'ser_predictions_total', 'outcome="uncertain"')).toBe(1)
  })

  it('is refused when it is silent; how loud it must be can be said', async () => {
    const faint = tones({ hertz: 300, seconds: 1 }).map((byte, index) => (index < 44 ? byte : 0))
    expect(await (await send(api, faint)).json()).toMatchObject({ status: 422, code: 'SILENT' })
    expect((await send(api, clip(0), '?silence=-20')).status).toBe(200)
    expect(await (await send(api, clip(0), '?silence=-10')).json()).toMatchObject({ code: 'SILENT' })
  })

  it('says in the query what is wrong with it', async () => {
    for (const [query, path] of [
      ['?version=1', 'query/version'],
      ['?model=small&version=1&alias=champion', 'query/alias'],
      ['?minConfidence=2', 'query/minConfidence'],
      ['?window=0.01', 'query/window'],
    ]) {
      const response = await send(api, clip(0), query)
      expect(response.status, query).toBe(400)
      expect(problemSchema.parse(await response.json()).errors![0].path).toBe(path)
    }
  })
})
