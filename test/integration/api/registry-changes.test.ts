import { EventEmitter, once } from 'node:events'
import { problemSchema, registryChangeSchema } from '@ser/contracts'
import { watchModelChanges } from '@ser/database'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { historySchema, useRegistry } from './registry-requests.ts'
import { seedVersion } from './seed-versions.ts'
import { posting, startApi, type StartedApi } from './start-api.ts'

let api: StartedApi
beforeAll(async () => {
  api = await startApi({ SER_API_TOKENS: 'ci:a-token-of-the-build-server,anna:a-token-of-anna-alone' })
})
afterAll(() => api.close())

const { get, promote, refused, rollBack, answering, seedModel } = useRegistry(() => api)

/** Resolves when so many requests wait for the lock that the caller holds. */
async function untilWaiting(count: number): Promise<void> {
  const deadline = Date.now() + 30_000
  for (;;) {
    const { rows } = await api.db.query<{ waiting: number }>(
      `select count(*) as waiting from pg_locks l join pg_database d on d.oid = l.database
       where d.datname = current_database() and l.locktype = 'advisory' and not l.granted`,
    )
    if (rows[0].waiting >= count) return
    if (Date.now() > deadline) throw new Error(`${rows[0].waiting} of ${count} wait`)
  }
}

describe('a roll-back', () => {
  it('brings the predecessor back, each one a step further, until there is none', async () => {
    await seedModel('back')
    for (const version of [1, 2, 3]) await promote('back', { version, force: true, reason: 'test' })
    const change = registryChangeSchema.parse(
      await (await rollBack('back', { reason: 'it hears anger everywhere' })).json(),
    )
    expect(change).toMatchObject({
      action: 'roll-back',
      version: 2,
      previous: 3,
      reason: 'it hears anger everywhere',
      gate: null,
    })
    expect((await answering('back')).version).toBe(2)
    expect((await rollBack('back')).status).toBe(201)
    expect((await answering('back')).version).toBe(1)
    expect(await (await rollBack('back')).json()).toMatchObject({ status: 409, code: 'NOTHING_TO_ROLL_BACK' })
    // A promotion after a roll-back goes back to where it came from, not to what was rolled back.
    await promote('back', { version: 3, force: true, reason: 'test' })
    await rollBack('back')
    expect((await answering('back')).version).toBe(1)
  })

  it('happens once however often the request arrives, when it says from where', async () => {
    await seedModel('once')
    for (const version of [1, 2, 3]) await promote('once', { version, force: true, reason: 'test' })
    const answers = await Promise.all([1, 2, 3].map(() => rollBack('once', { from: 3 })))
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409])
    expect((await answering('once')).version).toBe(2)
  })

  it('undoes the removal of an alias', async () => {
    await seedModel('removed')
    await promote('removed', { version: 1 })
    await promote('removed', { version: 2 })
    const removed = await api.call('/v1/models/removed/aliases/champion?reason=try', { method: 'DELETE' })
    expect(await removed.json()).toMatchObject({ action: 'remove', version: null, previous: 2, reason: 'try' })
    expect(await answering('removed')).toMatchObject({ version: 3, chosenBy: 'newest' })
    expect((await rollBack('removed')).status).toBe(201)
    expect(await answering('removed')).toMatchObject({ version: 2, chosenBy: 'alias' })
    expect((await rollBack('removed')).status).toBe(201)
    expect((await answering('removed')).version).toBe(1)
    const absent = await api.call('/v1/models/removed/aliases/canary', { method: 'DELETE' })
    expect(await absent.json()).toMatchObject({ status: 404, code: 'MODEL_ALIAS_NOT_FOUND' })
  })
})

describe('two changes at once', () => {
  it('of promotions that were judged against the same champion, one wins and the other is told', async () => {
    await seedModel('race')
    await promote('race', { version: 3 })
    const both = await api.db.transaction(async (transaction) => {
      // The lock that promotions of this model take: both have been judged when they wait for it.
      await transaction.query(`select pg_advisory_xact_lock(hashtextextended('registry race', 0))`)
      const requests = [1, 2].map((version) => api.call('/v1/models/race/promotions', posting({ version })))
      await untilWaiting(2)
      return requests
    })
    const answers = await Promise.all(both.map(async (request) => (await request).json()))
    const won = answers.filter((answer) => registryChangeSchema.safeParse(answer).success)
    const lost = answers.filter((answer) => problemSchema.safeParse(answer).success)
    expect([won.length, lost.length]).toEqual([1, 1])
    const { version } = registryChangeSchema.parse(won[0])
    expect(lost[0]).toMatchObject({ status: 409, code: 'PROMOTION_OUTRUN' })
    expect(problemSchema.parse(lost[0]).detail).toContain(
      `was version 3 when this promotion was judged, and is version ${version}`,
    )
    expect((await answering('race')).version).toBe(version)
    const { items } = await get('/v1/models/race/promotions?alias=champion', historySchema)
    expect(items.map((change) => change.version)).toEqual([version, 3])
  })

  it('of first promotions, one wins too', async () => {
    await seedModel('race-first')
    const both = await api.db.transaction(async (transaction) => {
      await transaction.query(`select pg_advisory_xact_lock(hashtextextended('registry race-first', 0))`)
      const requests = [1, 2].map((version) => api.call('/v1/models/race-first/promotions', posting({ version })))
      await untilWaiting(2)
      return requests
    })
    const statuses = await Promise.all(both.map(async (request) => (await request).status))
    expect(statuses.toSorted((a, b) => a - b)).toEqual([201, 409])
  })

  it('a promotion of what is in use already is told so', async () => {
    await seedVersion(api, { model: 'again' })
    await promote('again', { version: 1 })
    const problem = await refused('/v1/models/again/promotions', posting({ version: 1 }))
    expect(problem).toMatchObject({ status: 409, code: 'ALIAS_UNCHANGED' })
  })
})

describe('the audit trail', () => {
  it('says who, for whom, when, what and why, newest first, page by page', async () => {
    await seedModel('audit')
    const before = Date.now()
    await promote('audit', { version: 1 })
    await promote('audit', { version: 2, reason: 'retrained' }, { authorization: 'Bearer a-token-of-anna-alone' })
    const asked = { authorization: 'Bearer a-token-of-the-build-server', 'x-ser-actor': 'bob, job 17' }
    await promote('audit', { version: 3, alias: 'challenger' }, asked)
    const first = await get('/v1/models/audit/promotions?limit=2', historySchema)
    const rest = await get(`/v1/models/audit/promotions?limit=2&cursor=${first.nextCursor}`, historySchema)
    const all = [...first.items, ...rest.items]
    expect(all.map(({ alias, version, by }) => [alias, version, by.token, by.onBehalfOf])).toEqual([
      ['challenger', 3, 'ci', 'bob, job 17'],
      ['champion', 2, 'anna', null],
      ['champion', 1, 'admin', null],
    ])
    expect(rest.nextCursor).toBeNull()
    expect(all[1].reason).toBe('retrained')
    for (const { at } of all) expect(Math.abs(Date.parse(at) - before)).toBeLessThan(60_000)
    const champion = await get('/v1/models/audit/promotions?alias=champion', historySchema)
    expect(champion.items).toHaveLength(2)
    expect((await api.call('/v1/models/nobody/promotions')).status).toBe(404)
  })

  it('cannot be altered', async () => {
    for (const statement of [
      `update registry_changes set reason = 'another'`,
      'delete from registry_changes',
      'truncate registry_changes cascade',
    ])
      await expect(api.db.query(statement)).rejects.toMatchObject({ code: 'DATABASE_CONFLICT' })
  })

  it('takes no name that a log or a page could be broken with', async () => {
    const headers = { 'content-type': 'application/json', 'x-ser-actor': 'x'.repeat(300) }
    const problem = await refused('/v1/models/audit/promotions', { ...posting({ version: 3 }), headers })
    expect(problem).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' })
  })
})

it('tells servers that listen of new versions and of changes', async () => {
  const heard: (string | undefined)[] = []
  const stop = new AbortController()
  const news = new EventEmitter()
  const onChange = (model: string | undefined) => {
    heard.push(model)
    news.emit('change')
  }
  const until = async (count: number) => {
    while (heard.length < count) await once(news, 'change')
  }
  const watching = watchModelChanges(api.db, { signal: stop.signal, onChange })
  await until(1)
  expect(heard).toEqual([undefined])
  await seedVersion(api, { model: 'listened' })
  await until(2)
  await promote('listened', { version: 1 })
  await until(3)
  expect(heard).toEqual([undefined, 'listened', 'listened'])
  // A lost connection is replaced, and what may have been missed is told.
  await api.db.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen ser_models' and datname = current_database()`,
  )
  await until(4)
  expect(heard[3]).toBeUndefined()
  stop.abort()
  await watching
})
