import { randomUUID } from 'node:crypto'
import {
  clipSchema,
  ingestionSchema,
  modelSchema,
  modelVersionSchema,
  queueCountsSchema,
  rejectionSchema,
  runSchema,
  runSpecSchema,
  runSummarySchema,
} from '@ser/contracts'
import { createRun, endRun } from '@ser/database'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readEvents } from './read-events.ts'
import { addEpoch, completeWithModel, seedClips, seedRejections, seedRun, setId } from './seed-rows.ts'
import { posting, startApi, type StartedApi } from './start-api.ts'

let api: StartedApi
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

async function get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const response = await api.call(path)
  expect(response.status, path).toBe(200)
  return schema.parse(await response.json())
}

async function allPages<T>(path: string, item: z.ZodType<T>): Promise<T[][]> {
  const page = z.object({ items: z.array(item), nextCursor: z.string().nullable() })
  const pages: T[][] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const { items, nextCursor }: z.output<typeof page> = await get(
      `${path}${cursor === '' ? '' : `&cursor=${cursor}`}`,
      page,
    )
    pages.push(items)
    cursor = nextCursor
  }
  return pages
}

describe('lists', () => {
  it('give clips page by page, each once, and filter them', async () => {
    await seedClips(api.db, 'paged', 25)
    await seedClips(api.db, 'other', 3)
    const pages = await allPages('/v1/clips?dataset=paged&limit=10', clipSchema)
    expect(pages.map((page) => page.length)).toEqual([10, 10, 5])
    const paths = pages.flat().map(({ path }) => path)
    expect(paths).toEqual([...paths].sort())
    expect(new Set(paths).size).toBe(25)
    expect(pages[0][0]).toMatchObject({ label: 'angry', speaker: 'OAF', seconds: 2, sampleRate: 24_414 })
    const sad = await allPages('/v1/clips?dataset=paged&label=sad&speaker=OAF&limit=2', clipSchema)
    expect(sad.flat().map(({ path }) => path)).toEqual(['p003.wav', 'p009.wav', 'p015.wav', 'p021.wav'])
    expect((await allPages('/v1/clips?limit=20', clipSchema)).flat()).toHaveLength(28)
    expect((await allPages('/v1/clips?dataset=none&limit=5', clipSchema)).flat()).toEqual([])
  })

  it('give a page that is exactly full no next one', async () => {
    expect((await allPages('/v1/clips?dataset=other&limit=3', clipSchema)).map((page) => page.length)).toEqual([3])
  })

  it('give rejected files and clips without a vector together', async () => {
    const clips = await seedClips(api.db, 'rejecting', 4)
    await seedRejections(api.db, 'rejecting', ['a.txt', 'p001.wav', 'z.txt'], clips.slice(1, 3))
    const pages = await allPages('/v1/rejections?dataset=rejecting&limit=2', rejectionSchema)
    expect(pages.flat().map(({ path, stage }) => `${path} ${stage}`)).toEqual([
      'a.txt ingest',
      'p001.wav ingest',
      'z.txt ingest',
      // Those of clips by their SHA-256s.
      ...clips
        .slice(1, 3)
        .toSorted()
        .map((sha256) => `p00${clips.indexOf(sha256)}.wav features`),
    ])
    expect(pages.map((page) => page.length)).toEqual([2, 2, 1])
    const datasets = await get('/v1/datasets', z.object({ items: z.array(z.looseObject({ name: z.string() })) }))
    expect(datasets.items.find(({ name }) => name === 'rejecting')).toMatchObject({ clips: 4, rejected: 3 })
    const progress = await api.call('/v1/datasets/rejecting/progress')
    expect(await progress.json()).toEqual({ items: [{ featureSetId: setId, clips: 4, vectors: 0, failed: 2 }] })
    const sets = await api.call('/v1/feature-sets')
    expect(await sets.json()).toMatchObject({ items: [{ id: setId, vectors: 0, spec: { sampleRate: 22_050 } }] })
  })

  it('give runs newest first, by status when asked', async () => {
    const ids: string[] = []
    for (let index = 0; index < 5; index += 1) ids.unshift(await seedRun(api.db, index))
    await endRun(api.db, ids[0], { status: 'failed', error: { code: 'X', message: 'why' } })
    const pages = await allPages('/v1/runs?limit=2', runSummarySchema)
    expect(pages.flat().map(({ id }) => id)).toEqual(ids)
    expect(pages.flat().map(({ epochsDone }) => epochsDone)).toEqual([4, 3, 2, 1, 0])
    const failed = await allPages('/v1/runs?status=failed&limit=2', runSummarySchema)
    expect(failed.flat()).toMatchObject([{ id: ids[0], error: { code: 'X', message: 'why' } }])
  })
})

describe('an ingestion', () => {
  const request = { dataset: 'asked', source: { kind: 'folder', path: '/data/tess' } }

  it('is accepted: a row with the defaults, a job, and where to look', async () => {
    const response = await api.call('/v1/ingestions', posting(request))
    expect(response.status).toBe(202)
    const ingestion = ingestionSchema.parse(await response.json())
    expect(response.headers.get('location')).toBe(`/v1/ingestions/${ingestion.id}`)
    expect(ingestion).toMatchObject({
      status: 'queued',
      request: { layout: { kind: 'tess' }, featureSet: { nMels: 128 } },
    })
    expect(await get(`/v1/ingestions/${ingestion.id}`, ingestionSchema)).toEqual(ingestion)
    expect(await waiting('ingest')).toBe(1)
    expect((await allPages('/v1/ingestions?dataset=asked&limit=5', ingestionSchema)).flat()).toEqual([ingestion])
  })

  it('is watched until it and the features of its dataset are done', async () => {
    const [clip] = await seedClips(api.db, 'watched', 1)
    const made = await api.call('/v1/ingestions', posting({ ...request, dataset: 'watched' }))
    const { id } = ingestionSchema.parse(await made.json())
    const stream = await api.call(`/v1/ingestions/${id}/events`, { headers: { 'last-event-id': 'nonsense' } })
    expect(stream.headers.get('content-type')).toContain('text/event-stream')
    const all = readEvents(stream)
    await api.db.query(
      `update ingestions set status = 'completed', found = 1, total = 1, finished_at = now() where id = $1`,
      [id],
    )
    await seedRejections(api.db, 'watched', [], [clip])
    const events = await all
    expect(events.map(({ event }) => event)).toContain('ingestion')
    expect(events.at(-1)).toMatchObject({
      event: 'end',
      data: { ingestion: { id, status: 'completed' }, features: { clips: 1, vectors: 0, failed: 1 } },
    })
  })

  it('that failed ends its stream at once', async () => {
    const made = await api.call('/v1/ingestions', posting({ ...request, dataset: 'failing' }))
    const { id } = ingestionSchema.parse(await made.json())
    await api.db.query(
      `update ingestions set status = 'failed', error = '{"code":"X","message":"why"}' where id = $1`,
      [id],
    )
    const events = await readEvents(await api.call(`/v1/ingestions/${id}/events`))
    expect(events.at(-1)).toMatchObject({ event: 'end', data: { ingestion: { error: { code: 'X' } } } })
  })
})

describe('a run', () => {
  it('is accepted: a row with every default, a job, and where to look', async () => {
    const before = await waiting('train')
    const response = await api.call('/v1/runs', posting({ datasets: ['tess'], seed: 7 }))
    expect(response.status).toBe(202)
    const run = runSchema.parse(await response.json())
    expect(response.headers.get('location')).toBe(`/v1/runs/${run.id}`)
    expect(run.spec).toMatchObject({ seed: 7, epochs: 50, lstmUnits: [128, 128], split: { by: 'clip', test: 0.25 } })
    expect(await waiting('train')).toBe(before + 1)
  })

  it('streams the epochs that are there, those that come, and its end', async () => {
    const id = await seedRun(api.db, 2)
    const stream = await api.call(`/v1/runs/${id}/events`)
    const all = readEvents(stream)
    await addEpoch(api.db, id, 3)
    await endRun(api.db, id, { status: 'failed', error: { code: 'X', message: 'why' } })
    const events = await all
    expect(events.filter(({ event }) => event === 'epoch').map((event) => event.id)).toEqual(['1', '2', '3'])
    expect(events[0]).toMatchObject({ event: 'run', data: { status: expect.stringMatching(/running|failed/) } })
    const end = events.at(-1)!
    expect(end.event).toBe('end')
    expect(runSchema.parse(end.data).epochs).toHaveLength(3)
  })

  it('goes on after the last epoch that a client has seen', async () => {
    const id = await seedRun(api.db, 4)
    const stream = await api.call(`/v1/runs/${id}/events`, { headers: { 'last-event-id': '3' } })
    const events = await readEvents(stream, 2)
    expect(events.map((event) => [event.event, event.id])).toEqual([
      ['run', undefined],
      ['epoch', '4'],
    ])
  })

  it('is cancelled at once while nobody trains it, and not when it has ended', async () => {
    const made = await api.call('/v1/runs', posting({ datasets: ['tess'] }))
    const { id } = runSchema.parse(await made.json())
    const cancelled = await api.call(`/v1/runs/${id}/cancel`, { method: 'POST' })
    expect(cancelled.status).toBe(202)
    expect(await cancelled.json()).toMatchObject({ id, status: 'cancelled' })
    const ended = await seedRun(api.db, 1)
    await endRun(api.db, ended, { status: 'failed', error: { code: 'X', message: 'why' } })
    const refused = await api.call(`/v1/runs/${ended}/cancel`, { method: 'POST' })
    expect(refused.status).toBe(409)
    expect(await refused.json()).toMatchObject({ code: 'RUN_FINISHED' })
  })

  it('has a report, also before it is finished', async () => {
    const id = await seedRun(api.db, 3)
    const early = await api.call(`/v1/runs/${id}/report`)
    expect(early.headers.get('content-type')).toContain('text/html')
    expect(await early.text()).toContain('Learning curves')
    const { version, sha256 } = await completeWithModel(api.db, api.storage, id, 'reported')
    const html = await (await api.call(`/v1/runs/${id}/report`)).text()
    expect(html).toContain('Confusion matrix')
    expect(html).toContain(sha256)
    expect(html).toContain(`ser predict recording.wav --model reported@${version}`)
  })
})

describe('models', () => {
  it('are listed with their versions, and their files are given back byte for byte', async () => {
    const made = []
    for (const seed of [1, 2]) {
      const id = await seedRun(api.db, 1, 'listed')
      made.push({ id, ...(await completeWithModel(api.db, api.storage, id, 'listed', seed)) })
    }
    expect(made.map(({ version }) => version)).toEqual([1, 2])
    const models = await get('/v1/models', z.object({ items: z.array(modelSchema) }))
    expect(models.items.find(({ name }) => name === 'listed')).toMatchObject({
      versions: 2,
      latest: { version: 2, runId: made[1].id, featureSetId: setId },
    })
    const versions = await get('/v1/models/listed/versions', z.object({ items: z.array(modelVersionSchema) }))
    expect(versions.items.map(({ version }) => version)).toEqual([2, 1])
    expect(await (await api.call('/v1/models/listed/versions/1')).json()).toMatchObject({
      artefact: { sha256: made[0].sha256 },
    })
    const file = await api.call('/v1/models/listed/versions/1/artefact')
    expect(file.headers.get('etag')).toBe(`"${made[0].sha256}"`)
    expect(Buffer.from(await file.arrayBuffer()).equals(made[0].bytes)).toBe(true)
  })
})

describe('queues', () => {
  it('are paused and resumed', async () => {
    const paused = await api.call('/v1/queues/features/pause', { method: 'POST' })
    expect(await paused.json()).toMatchObject({ name: 'features', paused: true })
    const queues = await get('/v1/queues', z.object({ items: z.array(queueCountsSchema) }))
    expect(queues.items.map(({ name, paused: is }) => [name, is])).toEqual([
      ['ingest', false],
      ['augment', false],
      ['features', true],
      ['train', false],
      ['evaluate', false],
    ])
    const resumed = await api.call('/v1/queues/features/resume', { method: 'POST' })
    expect(await resumed.json()).toMatchObject({ paused: false })
  })

  it('are known by name', async () => {
    expect((await api.call('/v1/queues/nothing/pause', { method: 'POST' })).status).toBe(400)
    expect(await (await api.call('/v1/queues/train/retry-failed', { method: 'POST' })).json()).toEqual({ retried: 0 })
  })
})

it('reconciles: a run whose job was lost is enqueued again', async () => {
  const before = await waiting('train')
  const id = randomUUID()
  await createRun(api.db, { id, spec: runSpecSchema.parse({ datasets: ['tess'] }) })
  const response = await api.call('/v1/reconcile', posting({}))
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({ runs: expect.any(Number) })
  expect(await waiting('train')).toBeGreaterThan(before)
})

it('forgets failures only where it is asked to', async () => {
  const unclear = await api.call('/v1/reconcile', posting({ code: 'OBJECT_GONE' }))
  expect(unclear.status).toBe(400)
  expect(JSON.stringify(await unclear.json())).toContain('retryFailed must be true')
  const asked = await api.call('/v1/reconcile', posting({ retryFailed: true, code: 'OBJECT_GONE' }))
  expect(await asked.json()).toMatchObject({ failuresForgotten: 0 })
})

async function waiting(name: string): Promise<number> {
  const { items } = await get('/v1/queues', z.object({ items: z.array(queueCountsSchema) }))
  return items.find((queue) => queue.name === name)!.waiting
}
