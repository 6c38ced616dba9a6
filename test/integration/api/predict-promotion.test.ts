import { predictionSchema } from '@ser/contracts'
import { promoteVersion, rollBackAlias } from '@ser/database'
import { modelKey } from '@ser/object-storage'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readMetric, send, tones } from './predict-requests.ts'
import { completeWithModel, seedRun } from './seed-rows.ts'
import { startApi, type StartedApi } from './start-api.ts'

let api: StartedApi
beforeAll(async () => {
  api = await startApi()
  for (const seed of [1, 2, 3])
    await completeWithModel(api.db, api.storage, await seedRun(api.db, 1, 'small'), 'small', seed)
})
afterAll(() => api.close())

const clip = tones({ hertz: 220, seconds: 0.5 })
const by = { token: 'test', onBehalfOf: null }

function promote(version: number, expected: number | undefined, alias = 'champion') {
  const gate = undefined
  return promoteVersion(api.db, {
    model: 'small',
    version,
    alias,
    expected,
    by,
    forced: false,
    reason: undefined,
    gate,
  })
}

async function ask(query = '') {
  const response = await send(api, clip, query)
  expect(response.status).toBe(200)
  return predictionSchema.parse(await response.json())
}

it('answers by the newest version while there is no champion, and says so', async () => {
  expect(await ask()).toMatchObject({ model: 'small', version: 3, alias: null, chosenBy: 'newest' })
  expect(await ask('?model=small&version=2')).toMatchObject({ version: 2, alias: null, chosenBy: 'version' })
})

it('answers by the champion unless told otherwise', async () => {
  await promote(1, undefined)
  await promote(2, undefined, 'challenger')
  await expect
    .poll(() => ask(), { timeout: 20_000 })
    .toMatchObject({ version: 1, alias: 'champion', chosenBy: 'alias' })
  expect(await ask('?alias=challenger')).toMatchObject({ model: 'small', version: 2, alias: 'challenger' })
  expect(await ask('?model=small')).toMatchObject({ version: 1, alias: 'champion' })
  const missing = await send(api, clip, '?alias=nobody')
  expect(missing.status).toBe(404)
  expect(await missing.json()).toMatchObject({ code: 'MODEL_ALIAS_NOT_FOUND' })
})

it('switches between two requests: none fails, none is answered by another version than it says, and soon all by the new one', async () => {
  const expected = new Map<number, number>()
  for (const version of [1, 2, 3])
    expected.set(version, (await ask(`?model=small&version=${version}`)).probabilities.angry)
  const seen: number[] = []
  const failures: string[] = []
  const end = new AbortController()
  const client = async (): Promise<void> => {
    while (!end.signal.aborted) {
      const response = await send(api, clip)
      const body: unknown = await response.json()
      if (response.status !== 200) failures.push(JSON.stringify(body))
      else {
        const { version, probabilities } = predictionSchema.parse(body)
        seen.push(version)
        if (Math.abs(probabilities.angry - expected.get(version)!) > 1e-6) failures.push(`not of version ${version}`)
      }
    }
  }
  const clients = Array.from({ length: 4 }, client)
  let champion = 1
  for (const version of [2, 3, 1, 2]) {
    await promote(version, champion)
    const promoted = performance.now()
    const before = seen.length
    await expect.poll(() => seen.slice(before).includes(version), { timeout: 10_000, interval: 10 }).toBe(true)
    expect(performance.now() - promoted).toBeLessThan(5000)
    champion = version
    // What was asked after the first answer of the new version is not answered by an old one.
    const settled = (await ask()).version
    expect(settled).toBe(version)
  }
  await rollBackAlias(api.db, { model: 'small', alias: 'champion', from: 2, by, reason: 'a test' })
  await expect.poll(async () => (await ask()).version, { timeout: 10_000, interval: 10 }).toBe(1)
  end.abort()
  await Promise.all(clients)
  expect(failures).toEqual([])
  expect(new Set(seen)).toEqual(new Set([1, 2, 3]))
  expect(await readMetric(api, 'ser_prediction_model_switches_total')).toBeGreaterThanOrEqual(5)
})

it('keeps answering when the promoted version cannot be loaded, until the version before is too old', async () => {
  expect(await ask()).toMatchObject({ version: 1 })
  const id = await seedRun(api.db, 1, 'small')
  const { sha256 } = await completeWithModel(api.db, api.storage, id, 'small', 9)
  await api.storage.remove(modelKey(sha256))
  await promote(4, 1)
  expect(await ask()).toMatchObject({ version: 1 })
  await expect.poll(async () => (await send(api, clip)).status, { timeout: 15_000, interval: 200 }).not.toBe(200)
  await rollBackAlias(api.db, { model: 'small', alias: 'champion', from: 4, by, reason: 'its file is lost' })
  expect(await ask()).toMatchObject({ version: 1 })
})
