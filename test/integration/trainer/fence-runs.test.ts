import { randomUUID } from 'node:crypto'
import { runSpecSchema, type Epoch } from '@ser/contracts'
import { evaluatePredictions } from '@ser/metrics'
import {
  beginTraining,
  completeRun,
  createDatabase,
  createRun,
  deleteRunCheckpoint,
  endRun,
  ensureFeatureSet,
  getRun,
  isRunWanted,
  listEndedCheckpoints,
  readRunPredictions,
  releaseRun,
  startRun,
  storeRunCheckpoint,
  storeRunEpoch,
  storeRunSnapshot,
  type Database,
  type RunPrediction,
} from '@ser/database'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../support/index.ts'

const spec = runSpecSchema.parse({ datasets: ['tess'], model: 'paper' })
const code = { codeVersion: 'abc' }
const hash = 'ab'.repeat(32)
const figures = { trainLoss: 2, trainAccuracy: 0.25, testLoss: 1.5, testAccuracy: 0.5, seconds: 0.125 }
const epoch = (number: number): Epoch => ({ epoch: number, ...figures })
const checkpoint = (number: number) => ({
  epoch: number,
  key: `checkpoints/x/${number}`,
  sha256: hash,
  bytes: 7,
  snapshotHash: hash,
  codeVersion: 'abc',
  backend: 'tensorflow 1',
})
const evaluation = evaluatePredictions({ truth: [0, 1], probabilities: [0.75, 0.25, 0.5, 0.5], labels: ['a', 'b'] })
const takenOver = expect.objectContaining({ code: 'RUN_TAKEN_OVER', kind: 'gone' })

describe('attempts at a run', () => {
  let database: TestDatabase
  let db: Database

  beforeAll(async () => {
    database = await createTestDatabase()
    db = createDatabase({ url: database.url, maxConnections: 4 })
  })
  afterAll(async () => {
    await db?.close()
    await database?.drop()
  })

  const queued = async (): Promise<string> => {
    const id = randomUUID()
    await createRun(db, { id, spec })
    return id
  }
  const start = async (id: string) => (await startRun(db, id, code))!

  it('that another one has followed write nothing any more', async () => {
    const id = await queued()
    const { attempt: first } = await start(id)
    await storeRunEpoch(db, first, epoch(1))
    const { attempt: second } = await start(id)
    await storeRunEpoch(db, second, epoch(1))

    await expect(isRunWanted(db, first)).rejects.toEqual(takenOver)
    await expect(storeRunEpoch(db, first, epoch(2))).rejects.toEqual(takenOver)
    await expect(beginTraining(db, first, { backend: 'mine' })).rejects.toEqual(takenOver)
    await expect(storeRunSnapshot(db, first, { hash, clips: [] })).rejects.toEqual(takenOver)
    await expect(storeRunCheckpoint(db, first, checkpoint(2))).rejects.toEqual(takenOver)
    await endRun(db, first, { status: 'cancelled' })
    const featureSet = (await ensureFeatureSet(db, spec.featureSet, '1')).rowId
    const artefact = { key: `models/${hash}`, sha256: hash, bytes: 7 }
    const completed = { model: 'fenced', evaluation, featureSet, artefact }
    expect(await completeRun(db, first, completed)).toBeUndefined()

    expect(await getRun(db, id)).toMatchObject({ status: 'running', attempts: 2, backend: null, epochs: [epoch(1)] })
    expect(await completeRun(db, second, completed)).toBe(1)
  })

  it('find the checkpoint of the one before, with the epochs up to it', async () => {
    const id = await queued()
    const { attempt: first } = await start(id)
    for (const number of [1, 2, 3]) await storeRunEpoch(db, first, epoch(number))
    expect(await storeRunCheckpoint(db, first, checkpoint(1))).toBeUndefined()
    expect(await storeRunCheckpoint(db, first, checkpoint(2))).toBe('checkpoints/x/1')

    const { attempt: second, checkpoint: found } = await start(id)
    expect(found).toEqual(checkpoint(2))
    await beginTraining(db, second, { backend: 'tensorflow 1', resumedFromEpoch: 2 })
    const { epochs, ...run } = await getRun(db, id)
    expect(run).toMatchObject({ attempts: 2, resumedFromEpoch: 2, restartReason: null })
    expect(epochs).toEqual([epoch(1), epoch(2)])
  })

  it('that begin at the first epoch in spite of a checkpoint say why, and leave nothing of it', async () => {
    const id = await queued()
    const { attempt: first } = await start(id)
    await storeRunEpoch(db, first, epoch(1))
    await storeRunCheckpoint(db, first, checkpoint(1))
    const { attempt: second } = await start(id)
    await beginTraining(db, second, { backend: 'cpu 1', restartReason: 'another backend' })
    expect(await getRun(db, id)).toMatchObject({
      resumedFromEpoch: null,
      restartReason: 'another backend',
      epochs: [],
    })
    expect((await start(id)).checkpoint).toBeUndefined()
  })

  it('that die again and again without a checkpoint further than before are not followed by another', async () => {
    const id = await queued()
    for (let attempt = 1; attempt <= 3; attempt++) expect(await start(id)).toMatchObject({ state: 'started' })
    const givenUp = await start(id)
    expect(givenUp).toMatchObject({ state: 'given-up', attempt: { id, attempt: 3 } })
    await endRun(db, givenUp.attempt, { status: 'failed', error: { code: 'X', message: 'died' } })
    // Tried anew by a person, it is owed as many again.
    expect(await start(id)).toMatchObject({ state: 'started', attempt: { attempt: 4 } })
  })

  it('are followed as long as they get further, or end without a death', async () => {
    const id = await queued()
    for (let attempt = 1; attempt <= 5; attempt++) {
      const { state, attempt: run } = await start(id)
      expect(state).toBe('started')
      await storeRunCheckpoint(db, run, checkpoint(attempt))
    }
    for (let attempt = 1; attempt <= 5; attempt++) {
      const { state, attempt: run } = await start(id)
      expect(state).toBe('started')
      await releaseRun(db, run)
    }
    // The same checkpoint again is no progress.
    for (const state of ['started', 'started', 'started', 'given-up']) {
      const started = await start(id)
      expect(started.state).toBe(state)
      if (state === 'started') await storeRunCheckpoint(db, started.attempt, checkpoint(5))
    }
  })

  it('leave a checkpoint that is found and forgotten once the run has ended', async () => {
    const id = await queued()
    const { attempt } = await start(id)
    await storeRunCheckpoint(db, attempt, checkpoint(1))
    await deleteRunCheckpoint(db, id)
    expect(await listEndedCheckpoints(db, 100)).not.toContain(id)
    await endRun(db, attempt, { status: 'cancelled' })
    expect(await listEndedCheckpoints(db, 100)).toContain(id)
    await deleteRunCheckpoint(db, id)
    expect(await listEndedCheckpoints(db, 100)).not.toContain(id)
  })

  it('store what the model says of each test clip, bit for bit, in pages', async () => {
    const predictions = Array.from({ length: 7 }, (_, row) => ({
      sha256: row.toString(16).padStart(64, '0'),
      label: row % 2,
      predicted: (row + 1) % 2,
      probabilities: Float32Array.of(1 / (row + 3), 1 - 1 / (row + 3)),
      dataset: 'tess',
      speaker: `speaker, "${row}"`,
      condition: 'clean',
    }))
    const id = await queued()
    const { attempt } = await start(id)
    const featureSet = (await ensureFeatureSet(db, spec.featureSet, '1')).rowId
    const artefact = { key: `models/${hash}`, sha256: hash, bytes: 7 }
    await completeRun(db, attempt, { model: 'told', evaluation, featureSet, artefact, predictions })
    const pages: RunPrediction[][] = []
    for await (const page of readRunPredictions(db, id, { pageRows: 3 })) pages.push(page)
    expect(pages.map(({ length }) => length)).toEqual([3, 3, 1])
    expect(pages.flat()).toEqual(predictions)
  })
})
