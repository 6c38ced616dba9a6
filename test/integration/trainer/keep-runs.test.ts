import { randomUUID } from 'node:crypto'
import { runSpecSchema, type Epoch } from '@ser/contracts'
import { evaluatePredictions } from '@ser/metrics'
import {
  beginTraining,
  completeRun,
  createDatabase,
  createRun,
  endRun,
  ensureFeatureSet,
  getRun,
  isRunWanted,
  requestRunCancel,
  startRun,
  storeRunEpoch,
  storeRunSnapshot,
  type Database,
  type RunAttempt,
} from '@ser/database'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../support/index.ts'

const spec = runSpecSchema.parse({ datasets: ['tess'], model: 'paper' })
const code = { codeVersion: 'abc' }
const hash = 'ab'.repeat(32)
const epoch: Epoch = { epoch: 1, trainLoss: 2, trainAccuracy: 0.25, testLoss: 1.5, testAccuracy: 0.5, seconds: 0.125 }
const evaluation = evaluatePredictions({ truth: [0, 1], probabilities: [0.75, 0.25, 0.5, 0.5], labels: ['a', 'b'] })

describe('runs in the database', () => {
  let database: TestDatabase
  let db: Database
  let featureSet: number

  beforeAll(async () => {
    database = await createTestDatabase()
    db = createDatabase({ url: database.url, maxConnections: 8 })
    featureSet = (await ensureFeatureSet(db, spec.featureSet, '1')).rowId
  })
  afterAll(async () => {
    await db?.close()
    await database?.drop()
  })

  const started = async (model = 'paper'): Promise<RunAttempt> => {
    const id = randomUUID()
    await createRun(db, { id, spec: { ...spec, model } })
    return (await startRun(db, id, code))!.attempt
  }
  const complete = (run: RunAttempt, model = 'paper') =>
    completeRun(db, run, { model, evaluation, featureSet, artefact: { key: `models/${hash}`, sha256: hash, bytes: 7 } })

  it('are begun anew with nothing of the attempt before', async () => {
    const run = await started()
    const { id } = run
    await beginTraining(db, run, { backend: 'tensorflow 1' })
    await storeRunSnapshot(db, run, { hash, clips: [{ sha256: hash, label: 3, side: 'test' }] })
    await storeRunEpoch(db, run, epoch)
    await storeRunEpoch(db, run, { ...epoch, testAccuracy: 0.75 })
    expect(await getRun(db, id)).toMatchObject({
      status: 'running',
      backend: 'tensorflow 1',
      codeVersion: 'abc',
      snapshot: { hash, train: 0, test: 1 },
      epochs: [{ ...epoch, testAccuracy: 0.75 }],
    })
    await endRun(db, run, { status: 'failed', error: { code: 'X', message: 'broke' } })
    expect(await getRun(db, id)).toMatchObject({ status: 'failed', error: { code: 'X', message: 'broke' } })

    expect(await startRun(db, id, { codeVersion: 'def' })).toEqual({
      state: 'started',
      spec,
      attempt: { id, attempt: 2 },
      checkpoint: undefined,
    })
    expect(await getRun(db, id)).toMatchObject({
      status: 'running',
      error: null,
      backend: null,
      codeVersion: 'def',
      snapshot: null,
      epochs: [],
      attempts: 2,
      finishedAt: null,
    })
    const { rows } = await db.query('select from run_clips where run_id = $1', [id])
    expect(rows).toEqual([])
  })

  it('that complete at once get one version each, without a gap', async () => {
    const runs = await Promise.all(Array.from({ length: 12 }, () => started('crowd')))
    const versions = await Promise.all(runs.map((run) => complete(run, 'crowd')))
    expect(versions.toSorted((a, b) => a! - b!)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1))
  })

  it('complete once, and are not begun again', async () => {
    const run = await started('once')
    expect(await complete(run, 'once')).toBe(1)
    expect(await complete(run, 'once')).toBeUndefined()
    expect(await startRun(db, run.id, code)).toBeUndefined()
    await endRun(db, run, { status: 'cancelled' })
    expect(await getRun(db, run.id)).toMatchObject({
      status: 'completed',
      evaluation,
      version: { model: 'once', version: 1 },
    })
  })

  it('do not complete once their end was asked for', async () => {
    const run = await started('unwanted')
    expect(await isRunWanted(db, run)).toBe(true)
    await requestRunCancel(db, run.id)
    expect(await isRunWanted(db, run)).toBe(false)
    expect(await complete(run, 'unwanted')).toBeUndefined()
    expect(await getRun(db, run.id)).toMatchObject({ status: 'running', version: null })
  })

  it('whose end was asked for while nobody trained them are cancelled when they are begun again', async () => {
    const { id } = await started()
    await requestRunCancel(db, id)
    expect(await startRun(db, id, code)).toBeUndefined()
    expect(await getRun(db, id)).toMatchObject({ status: 'cancelled' })
  })

  it('that are not there are gone', async () => {
    const nobody = expect.objectContaining({ code: 'RUN_NOT_FOUND', kind: 'gone' })
    await expect(startRun(db, randomUUID(), code)).rejects.toEqual(nobody)
    await expect(isRunWanted(db, { id: randomUUID(), attempt: 1 })).rejects.toEqual(nobody)
    await expect(requestRunCancel(db, randomUUID())).rejects.toEqual(nobody)
  })
})
