import { modelVersionDetailSchema } from '@ser/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useRegistry } from './registry-requests.ts'
import { seedVersion, testSide } from './seed-versions.ts'
import { posting, startApi, type StartedApi } from './start-api.ts'

let api: StartedApi
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

const { get, promote, refused, answering, seedModel } = useRegistry(() => api)

describe('the gate', () => {
  it('lets the first champion pass, and one that is no worse on the same recordings', async () => {
    await seedModel('gated')
    const first = await promote('gated', { version: 1 })
    expect(first).toMatchObject({
      action: 'promote',
      version: 1,
      previous: null,
      forced: false,
      gate: { outcome: 'first' },
    })
    const second = await promote('gated', { version: 2 })
    expect(second).toMatchObject({
      version: 2,
      previous: 1,
      forced: false,
      gate: {
        outcome: 'passed',
        champion: 1,
        figure: 'uar',
        margin: 0.02,
        recordings: 420,
        sameTestSide: true,
        over: 'recordings',
      },
    })
    const { difference, onlyCandidateRight, onlyChampionRight } = second.gate!
    // 42 wrong of 420 before, 21 now.
    expect(difference!.accuracy.value).toBeCloseTo(21 / 420, 10)
    expect([onlyCandidateRight, onlyChampionRight]).toEqual([21, 0])
  })

  it('refuses one that is worse, with the figures and what to do', async () => {
    const problem = await refused('/v1/models/gated/promotions', posting({ version: 3 }))
    expect(problem).toMatchObject({ status: 409, code: 'PROMOTION_REFUSED' })
    expect(problem.detail).toMatch(
      /gated@3 .* champion @2 within 2\.0 points of UAR: on 420 recordings .* -2\d\.\d points/,
    )
    expect(problem.detail).toContain('force it with a reason')
    expect((await answering('gated')).version).toBe(2)
  })

  it('takes a margin and a figure', async () => {
    const wide = await promote('gated', { version: 3, margin: 0.5, figure: 'accuracy' })
    expect(wide.gate).toMatchObject({ outcome: 'passed', figure: 'accuracy', margin: 0.5 })
  })

  it('is overruled by force, if there is a reason, which is kept with what it found', async () => {
    await seedModel('forced')
    await promote('forced', { version: 2 })
    const without = await refused('/v1/models/forced/promotions', posting({ version: 3, force: true }))
    expect(without).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' })
    expect(without.detail).toContain('a forced promotion needs a reason')
    const change = await promote('forced', { version: 3, force: true, reason: 'the licence of @2 ran out' })
    expect(change).toMatchObject({ forced: true, reason: 'the licence of @2 ran out', gate: { outcome: 'worse' } })
    // Force that was not needed is not called so.
    expect(await promote('forced', { version: 1, force: true, reason: 'back' })).toMatchObject({ forced: false })
  })

  it('compares on what two test sides have in common', async () => {
    await seedVersion(api, { model: 'common', clips: testSide('left', 300, 10) })
    const shared = testSide('left', 300, 20).slice(100)
    await seedVersion(api, { model: 'common', clips: [...shared, ...testSide('right', 100, 5)] })
    await promote('common', { version: 1 })
    const { gate } = await promote('common', { version: 2 })
    expect(gate).toMatchObject({ outcome: 'passed', recordings: 200, sameTestSide: false })
  })

  it('does not count a clip that one of the two was trained on', async () => {
    const clips = testSide('half', 300, 10)
    await seedVersion(api, { model: 'half', clips })
    const trained = clips.map((clip, at) =>
      at < 150 ? { sha256: clip.sha256, label: clip.label, side: 'train' as const } : clip,
    )
    await seedVersion(api, { model: 'half', clips: trained })
    await promote('half', { version: 1 })
    expect((await promote('half', { version: 2 })).gate).toMatchObject({ recordings: 150, sameTestSide: false })
  })

  it('refuses to compare on too few recordings, or on other labels of the same ones', async () => {
    const clips = testSide('few', 99, 10)
    await seedVersion(api, { model: 'few', clips })
    await seedVersion(api, { model: 'few', clips })
    await seedVersion(api, {
      model: 'few',
      clips: testSide('few', 300, 10).map((clip) => ({ ...clip, label: 6 - clip.label })),
    })
    await promote('few', { version: 1 })
    const problem = await refused('/v1/models/few/promotions', posting({ version: 2 }))
    expect(problem).toMatchObject({ status: 409, code: 'PROMOTION_NOT_COMPARABLE' })
    expect(problem.detail).toContain('tested on 99 recordings only, and 100 are needed')
    const other = await refused('/v1/models/few/promotions', posting({ version: 3 }))
    expect(other.detail).toMatch(/tested on \d\d recordings only/)
    const forced = await promote('few', { version: 2, force: true, reason: 'small corpus' })
    expect(forced).toMatchObject({ forced: true, gate: { outcome: 'too-few', difference: null } })
  })

  it('draws whole speakers where there are enough of them', async () => {
    const speakers = ['a', 'b', 'c', 'd', 'e', 'f']
    for (const wrongEvery of [10, 20])
      await seedVersion(api, { model: 'voices', clips: testSide('voices', 420, wrongEvery, speakers) })
    await promote('voices', { version: 1 })
    expect((await promote('voices', { version: 2 })).gate).toMatchObject({ over: 'speakers' })
  })

  it('is not asked about other aliases', async () => {
    await seedModel('free')
    expect(await promote('free', { version: 3, alias: 'challenger' })).toMatchObject({ gate: null })
    const problem = await refused(
      '/v1/models/free/promotions',
      posting({ version: 2, alias: 'challenger', margin: 0.1 }),
    )
    expect(problem.detail).toContain('only the champion has a gate')
    for (const alias of ['newest', 'Champion', '3'])
      expect(await refused('/v1/models/free/promotions', posting({ version: 1, alias }))).toMatchObject({ status: 400 })
  })

  it('does not let a version pass whose file is lost', async () => {
    await seedVersion(api, { model: 'lost' })
    const { artefact } = await get('/v1/models/lost/versions/1', modelVersionDetailSchema)
    await api.storage.remove(artefact.key)
    expect(await refused('/v1/models/lost/promotions', posting({ version: 1 }))).toMatchObject({
      status: 409,
      code: 'ARTEFACT_MISSING',
    })
  })
})
