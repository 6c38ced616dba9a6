import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EMOTIONS, predictionSchema, type Prediction, type Timeline } from '@ser/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { repositoryRoot } from '../../support/services.ts'
import { hum, readMetric, send, tones } from './predict-requests.ts'
import { completeWithModel, seedRun } from './seed-rows.ts'
import { startApi, type StartedApi } from './start-api.ts'

let api: StartedApi
beforeAll(async () => {
  api = await startApi({ SER_TIMELINE_SECONDS: '10', SER_MAX_RECORDING_SECONDS: '2000' })
  await completeWithModel(api.db, api.storage, await seedRun(api.db, 1, 'small'), 'small')
})
afterAll(() => api.close())

async function timelineOf(bytes: Uint8Array, query = ''): Promise<Prediction & { timeline: Timeline }> {
  const response = await send(api, bytes, query)
  expect(response.status).toBe(200)
  const prediction = predictionSchema.parse(await response.json())
  if (prediction.timeline === null) throw new Error('there is no timeline')
  return { ...prediction, timeline: prediction.timeline }
}

describe('a timeline', () => {
  it('comes for a long recording unasked, and for a short one when windows are asked for', async () => {
    const short = tones({ hertz: 220, seconds: 9 })
    expect(predictionSchema.parse(await (await send(api, short)).json()).timeline).toBeNull()
    expect((await timelineOf(tones({ hertz: 220, seconds: 11 }))).timeline).toMatchObject({ window: 2, hop: 1 })
    expect((await timelineOf(short, '?window=1')).timeline).toMatchObject({ window: 1, hop: 0.5 })
    expect((await timelineOf(short, '?hop=3')).timeline).toMatchObject({ window: 3, hop: 3 })
  })

  it('answers each window as it would be answered alone', async () => {
    const parts = [180, 700, 1500].map((hertz) => ({ hertz, seconds: 2 }))
    const { timeline } = await timelineOf(tones(...parts), '?window=2&hop=2')
    expect(timeline.windows.map(({ start, end }) => [start, end])).toEqual([
      [0, 2],
      [2, 4],
      [4, 6],
    ])
    const alone = await Promise.all(
      parts.map(async (part) => predictionSchema.parse(await (await send(api, tones(part))).json())),
    )
    for (const [index, window] of timeline.windows.entries()) {
      expect(window.silent).toBe(false)
      // The resampler hears a little of the neighbours at the edges.
      for (const emotion of EMOTIONS)
        expect(window.probabilities![emotion]).toBeCloseTo(alone[index].probabilities[emotion], 1)
    }
  })

  it('marks silence instead of guessing, and sums up the rest', async () => {
    const bytes = tones({ hertz: 220, seconds: 4 }, { hertz: 0, seconds: 6 }, { hertz: 880, seconds: 2 })
    const { timeline, probabilities, emotion, confidence, uncertain } = await timelineOf(bytes, '?window=1&hop=1')
    const { windows, shares } = timeline
    expect(windows.map(({ silent }) => silent)).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0].map((flag) => flag === 1))
    for (const window of windows.filter(({ silent }) => silent))
      expect(window).toMatchObject({ emotion: null, confidence: null, probabilities: null, uncertain: false })
    expect(windows[0].level).toBeCloseTo(20 * Math.log10(0.3 * Math.SQRT1_2), 0)
    expect(shares.silent).toBe(0.5)
    expect(Object.values(shares.emotions).reduce((sum, share) => sum + share, 0)).toBeCloseTo(0.5, 9)
    const sounding = windows.filter(({ silent }) => !silent)
    for (const name of EMOTIONS) {
      const mean = sounding.reduce((sum, window) => sum + window.probabilities![name], 0) / sounding.length
      expect(probabilities[name]).toBeCloseTo(mean, 9)
    }
    expect(confidence).toBe(probabilities[emotion])
    expect(uncertain).toBe(false)
  })

  it('counts uncertain windows as such', async () => {
    const { timeline, uncertain } = await timelineOf(
      tones({ hertz: 220, seconds: 4 }),
      '?window=1&hop=1&minConfidence=1',
    )
    expect(timeline.windows.every((window) => window.uncertain && window.emotion !== null)).toBe(true)
    expect(timeline.shares).toMatchObject({ uncertain: 1, silent: 0 })
    expect(uncertain).toBe(true)
  })

  it('ends where the recording ends', async () => {
    const { timeline, seconds } = await timelineOf(tones({ hertz: 220, seconds: 5.3 }), '?window=2&hop=1')
    const last = timeline.windows.at(-1)!
    expect(seconds).toBeCloseTo(5.3, 3)
    expect(last.end).toBeCloseTo(5.3, 3)
    expect(last.end - last.start).toBeCloseTo(2, 3)
  })

  it.each(['stereo.mp3', 'mono.webm', 'stereo.opus', 'stereo16.flac'])('takes %s', async (name) => {
    const bytes = readFileSync(join(repositoryRoot, 'libs/audio/fixtures/compressed', name))
    const { timeline, seconds } = await timelineOf(bytes, '?window=0.25&hop=0.1&silence=-120')
    expect(timeline.windows.length).toBe(1 + Math.ceil((seconds - 0.25) / 0.1 - 1e-6))
  })

  it('is refused for nothing but silence, for too many windows, and for what lasts too long', async () => {
    for (const [bytes, query, code] of [
      [tones({ hertz: 0, seconds: 12 }), '', 'SILENT'],
      [hum(1500), '?hop=0.06', 'TOO_MANY_WINDOWS'],
      [hum(2001), '', 'too_long'],
    ] as const) {
      const response = await send(api, bytes, query)
      expect(response.status).toBe(422)
      expect(await response.json()).toMatchObject({ code })
    }
  })

  it('lets a short recording pass, and takes memory for its bytes only', async () => {
    const bytes = hum(1800)
    await timelineOf(tones({ hertz: 220, seconds: 11 }))
    const before = await readMetric(api, 'process_resident_memory_bytes')
    const order: string[] = []
    const long = timelineOf(bytes).then((prediction) => (order.push('long'), prediction))
    for (let count = 0; count < 5; count += 1) {
      expect((await send(api, tones({ hertz: 300, seconds: 1 }))).status).toBe(200)
      order.push('short')
    }
    const { timeline, seconds } = await long
    expect(seconds).toBe(1800)
    expect(timeline.windows).toHaveLength(1799)
    expect(order.at(-1)).toBe('long')
    // Its samples alone would be 159 MB at 22050 Hz, and as many again before; the file's bytes are there up to three times.
    const grown = (await readMetric(api, 'process_resident_memory_bytes')) - before
    expect(grown / 2 ** 20).toBeLessThan(3 * (bytes.length / 2 ** 20) + 100)
  })
})
