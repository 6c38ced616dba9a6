import { createHash } from 'node:crypto'
import { ensureDataset, registerDatasetClips } from '@ser/database'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addDataset, openTrainer, smallSpec } from './open-trainer.ts'

describe('a run of several datasets', () => {
  let trainers: Awaited<ReturnType<typeof openTrainer>>

  beforeAll(async () => {
    trainers = await openTrainer()
    await trainers.start()
    await addDataset(trainers.db, 'first', { clips: 70 })
    await addDataset(trainers.db, 'second', { clips: 35 })
  })
  afterAll(() => trainers?.close())

  const train = async (changes: Parameters<typeof smallSpec>[0]) =>
    trainers.ended(await trainers.enqueue(smallSpec({ epochs: 1, ...changes })))

  it('trains on one and tests on the other', async () => {
    const run = await train({ datasets: ['first', 'second'], split: { by: 'dataset', test: ['second'] } })
    expect(run).toMatchObject({ status: 'completed', snapshot: { train: 70, test: 35 } })
  })

  it('tests on each speaker in one of the folds', async () => {
    const tested = await Promise.all(
      [1, 2].map((fold) => train({ datasets: ['first'], split: { by: 'speaker-fold', folds: 2, fold } })),
    )
    const tests = tested.map(({ id }) => id)
    const { rows } = await trainers.db.query<{ run: string; speaker: string; clips: number }>(
      `select rc.run_id as run, dc.speaker, count(*) as clips from run_clips rc join dataset_clips dc using (sha256)
       where rc.run_id = any($1::uuid[]) and rc.side = 'test' group by 1, 2 order by dc.speaker`,
      [tests],
    )
    expect(rows.map(({ speaker, clips }) => [speaker, clips])).toEqual([
      ['OAF', 35],
      ['YAF', 35],
    ])
    expect(new Set(rows.map(({ run }) => run))).toEqual(new Set(tests))
  })

  it('is refused when they give the same recording different labels, and says which', async () => {
    const sha256 = createHash('sha256').update('first 0').digest('hex')
    const clip = { path: 'x.wav', sha256, label: 'happy', speaker: 'OAF', word: null, split: null }
    await registerDatasetClips(trainers.db, await ensureDataset(trainers.db, 'clash'), [clip])
    const run = await train({ datasets: ['first', 'clash'] })
    expect(run).toMatchObject({ status: 'failed', error: { code: 'RUN_LABELS_CONFLICT' } })
    expect(run.error?.message).toContain(`${sha256} is angry and happy (clash, first)`)
  })

  it('trains on a label besides the seven when it is asked to', async () => {
    await addDataset(trainers.db, 'calm-and-sad', { clips: 40, labels: ['calm', 'sad'] })
    expect(await train({ datasets: ['calm-and-sad'] })).toMatchObject({ error: { code: 'RUN_ONE_CLASS' } })
    const run = await train({ datasets: ['calm-and-sad'], relabel: { calm: 'neutral' } })
    expect(run).toMatchObject({ status: 'completed', snapshot: { train: 30, test: 10 } })
  })
})
