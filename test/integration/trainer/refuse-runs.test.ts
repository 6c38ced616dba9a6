import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addDataset, openTrainer, smallSpec } from './open-trainer.ts'

describe('the trainer refuses a run with a reason', () => {
  let trainers: Awaited<ReturnType<typeof openTrainer>>

  beforeAll(async () => {
    trainers = await openTrainer()
    await trainers.start()
  })
  afterAll(() => trainers?.close())

  const failure = async (spec: ReturnType<typeof smallSpec>) => {
    const run = await trainers.ended(await trainers.enqueue(spec))
    expect(run).toMatchObject({ status: 'failed', epochs: [], version: null })
    return run.error
  }

  it('when there is no such dataset', async () => {
    expect(await failure(smallSpec({ datasets: ['nowhere'] }))).toEqual({
      code: 'RUN_NO_CLIPS',
      message: 'the dataset nowhere has no recordings: ingest it first',
    })
  })

  it('when no label is an emotion', async () => {
    await addDataset(trainers.db, 'foreign', { clips: 10, labels: ['calm', 'bored'] })
    expect(await failure(smallSpec({ datasets: ['foreign'] }))).toMatchObject({ code: 'RUN_NO_CLIPS' })
  })

  it('when only one emotion is left', async () => {
    await addDataset(trainers.db, 'monotone', { clips: 10, labels: ['sad', 'calm'] })
    expect(await failure(smallSpec({ datasets: ['monotone'] }))).toEqual({
      code: 'RUN_ONE_CLASS',
      message: 'every recording on the training side is sad: a model needs two emotions at least',
    })
  })

  it('when a side of the split is empty', async () => {
    await addDataset(trainers.db, 'few', { clips: 14 })
    const split = { by: 'speaker' as const, test: ['OAF', 'YAF'] }
    expect(await failure(smallSpec({ datasets: ['few'], split }))).toMatchObject({ code: 'SPLIT_EMPTY_SIDE' })
  })

  it('while vectors are owed; tried anew when they are there, it trains', async () => {
    const addVectors = await addDataset(trainers.db, 'late', { clips: 70, withVectors: false })
    const id = await trainers.enqueue(smallSpec({ datasets: ['late'] }))
    const refused = await trainers.ended(id)
    expect(refused).toMatchObject({ status: 'failed', error: { code: 'RUN_VECTORS_OWED' } })
    expect(refused.error?.message).toMatch(
      /^70 of the 70 recordings of late have no features of this kind yet: wait .* augmenting it again with --set '{.*"pooling":"mean"/,
    )

    await addVectors()
    await trainers.queues.retryFailed('train')
    await trainers.reached(id, 4)
    expect(await trainers.ended(id)).toMatchObject({ status: 'completed', error: null, version: { version: 1 } })
  })
})
