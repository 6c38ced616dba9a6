import { defaultModelSchema, registeredModelSchema } from '@ser/contracts'
import { resolveModelVersion } from '@ser/database'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { historySchema, useRegistry } from './registry-requests.ts'
import { seedVersion } from './seed-versions.ts'
import { posting, startApi, type StartedApi } from './start-api.ts'

let api: StartedApi
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

const { get, promote, answering, seedModel } = useRegistry(() => api)

describe('what answers', () => {
  it('is the newest version until there is a champion, and says so', async () => {
    await seedModel('fresh')
    expect(await answering('fresh')).toEqual({ version: 3, chosenBy: 'newest', alias: null })
    await promote('fresh', { version: 1 })
    expect(await answering('fresh')).toEqual({ version: 1, chosenBy: 'alias', alias: 'champion' })
    await seedVersion(api, { model: 'fresh' })
    expect(await answering('fresh')).toEqual({ version: 1, chosenBy: 'alias', alias: 'champion' })
    const model = await get('/v1/models/fresh', registeredModelSchema)
    expect(model).toMatchObject({
      versions: 4,
      latest: { version: 4 },
      aliases: { champion: 1 },
      inUse: { version: 1, chosenBy: 'alias' },
    })
  })

  it('is any version or alias that is asked for', async () => {
    await seedModel('named')
    await promote('named', { version: 2, alias: 'challenger' })
    const challenger = await resolveModelVersion(api.db, { model: 'named', alias: 'challenger' })
    expect(challenger).toMatchObject({ modelVersion: { version: 2 }, chosenBy: 'alias', alias: 'challenger' })
    const first = await resolveModelVersion(api.db, { model: 'named', version: 1 })
    expect(first).toMatchObject({ modelVersion: { version: 1 }, chosenBy: 'version', alias: null })
  })

  it.each([
    [{ model: 'none' }, 'MODEL_NOT_FOUND', 'there is no model named none'],
    [{ model: 'some', version: 9 }, 'MODEL_VERSION_NOT_FOUND', 'its newest is 1'],
    [{ model: 'some', alias: 'canary' }, 'MODEL_ALIAS_NOT_FOUND', 'it has champion (1)'],
    [{ model: 'some', version: 1, alias: 'champion' }, 'MODEL_REFERENCE_AMBIGUOUS', 'not both'],
  ])('is told to be missing for %o', async (reference, code, text) => {
    if (reference.model === 'some' && (await api.call('/v1/models/some')).status === 404) {
      await seedVersion(api, { model: 'some' })
      await promote('some', { version: 1 })
    }
    await expect(resolveModelVersion(api.db, reference)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(text),
    })
  })
})

describe('the default model', () => {
  it('is the one made last, then that of the first champion, then the one that is chosen', async () => {
    const own = await startApi()
    try {
      const seen = async () => defaultModelSchema.parse(await (await own.call('/v1/default-model')).json())
      expect((await own.call('/v1/default-model')).status).toBe(404)
      await seedVersion(own, { model: 'one' })
      await seedVersion(own, { model: 'two' })
      expect(await seen()).toEqual({ model: 'two', version: 1, chosen: false, chosenBy: 'newest' })
      for (const model of ['one', 'two'])
        expect((await own.call(`/v1/models/${model}/promotions`, posting({ version: 1 }))).status).toBe(201)
      expect(await seen()).toEqual({ model: 'one', version: 1, chosen: true, chosenBy: 'alias' })
      const put = { ...posting({ model: 'two', reason: 'it is newer' }), method: 'PUT' }
      const chosen = await own.call('/v1/default-model', put)
      expect(await chosen.json()).toEqual({ model: 'two', version: 1, chosen: true, chosenBy: 'alias' })
      expect((await resolveModelVersion(own.db, {})).modelVersion.model).toBe('two')
      const missing = await own.call('/v1/default-model', { ...posting({ model: 'three' }), method: 'PUT' })
      expect(await missing.json()).toMatchObject({ status: 404, code: 'MODEL_NOT_FOUND' })
      const trail = historySchema.parse(await (await own.call('/v1/models/two/promotions')).json())
      expect(trail.items[0]).toMatchObject({ action: 'make-default', alias: null, reason: 'it is newer' })
    } finally {
      await own.close()
    }
  })
})
