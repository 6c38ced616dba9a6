import { createHash } from 'node:crypto'
import { EMOTIONS, runSpecHash, runSpecSchema, type Epoch, type Run } from '@ser/contracts'
import { getModelVersion, readRunPredictions, requestRunCancel } from '@ser/database'
import { loadModel, loadTensorflow } from '@ser/model'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addDataset, childrenOf, openTrainer, smallSpec, untilGone } from './open-trainer.ts'
import type { StartedApp } from '../../support/index.ts'

const ENDLESS = 10_000
const figures = ({ epochs }: Run): Omit<Epoch, 'seconds'>[] => epochs.map(({ seconds: _seconds, ...rest }) => rest)

describe('the trainer', () => {
  let trainers: Awaited<ReturnType<typeof openTrainer>>
  let trainer: StartedApp

  beforeAll(async () => {
    trainers = await openTrainer()
    await addDataset(trainers.db, 'synthetic', { clips: 280 })
    trainer = await trainers.start()
  })
  afterAll(() => trainers?.close())

  const train = async (spec = smallSpec()) => trainers.ended(await trainers.enqueue(spec))
  const artefactOf = async ({ version }: Run) => (await getModelVersion(trainers.db, version!)).artefact

  it('trains, evaluates and registers a model with all that is needed to repeat it', async () => {
    const spec = smallSpec({ epochs: 20 })
    const run = await train(spec)
    expect(run).toMatchObject({
      status: 'completed',
      error: null,
      specHash: runSpecHash(runSpecSchema.parse(spec)),
      snapshot: { train: 210, test: 70 },
      codeVersion: 'code-under-test',
      version: { model: 'small', version: 1 },
    })
    expect(run.backend).toMatch(/^tensorflow \d+\.\d+\.\d+, 2 threads$/)
    expect(run.epochs.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
    expect(run.epochs.at(-1)!.testLoss).toBeLessThan(run.epochs[0].testLoss)

    const evaluation = run.evaluation!
    expect(evaluation.labels).toEqual([...EMOTIONS])
    expect(evaluation.confusion.flat().reduce((a, b) => a + b)).toBe(70)
    expect(evaluation.accuracy).toBeGreaterThan(0.9)
    // Stored as float32 with the epoch, as float64 with the evaluation.
    expect(run.epochs.at(-1)!.testAccuracy).toBeCloseTo(evaluation.accuracy, 6)
  })

  it('stores a model file that loads, under the key of its content', async () => {
    const artefact = await artefactOf(await train())
    const file = await trainers.storage.get(artefact.key)
    expect(createHash('sha256').update(file).digest('hex')).toBe(artefact.sha256)
    expect(file.length).toBe(artefact.bytes)
    expect(artefact.key).toContain(artefact.sha256)
    const { tf } = await loadTensorflow()
    const { model, description } = loadModel(tf, file)
    expect(description).toMatchObject({ labels: [...EMOTIONS], features: { groups: ['mel', 'mfcc', 'zcr', 'rms'] } })
    expect(model.architecture.features).toBe(12)
    model.dispose()
  })

  it('gives the same epochs and the same file for the same spec, as one more version', async () => {
    const first = await train(smallSpec({ model: 'twice' }))
    const second = await train(smallSpec({ model: 'twice' }))
    const other = await train(smallSpec({ model: 'twice', seed: 2 }))
    expect([first, second, other].map(({ version }) => version?.version)).toEqual([1, 2, 3])
    expect(figures(second)).toEqual(figures(first))
    expect(second.snapshot).toEqual(first.snapshot)
    expect(await artefactOf(second)).toEqual(await artefactOf(first))
    expect(second.evaluation).toEqual(first.evaluation)
    // And after a restart of the trainer.
    await trainer.stop()
    trainer = await trainers.start()
    const third = await train(smallSpec({ model: 'twice' }))
    expect(figures(third)).toEqual(figures(first))
    expect(third.evaluation).toEqual(first.evaluation)
    expect(await artefactOf(third)).toEqual(await artefactOf(first))
    expect(figures(other)).not.toEqual(figures(first))
    expect((await artefactOf(other)).sha256).not.toBe((await artefactOf(first)).sha256)
  })

  it('keeps what the model says of each test clip, which gives the figures again', async () => {
    const run = await train()
    const told = []
    for await (const page of readRunPredictions(trainers.db, run.id)) told.push(...page)
    expect(told).toHaveLength(70)
    const { rows } = await trainers.db.query<{ clip: string; label: number }>(
      `select encode(sha256, 'hex') as clip, label from run_clips where run_id = $1 and side = 'test' order by sha256`,
      [run.id],
    )
    expect(told.map(({ sha256, label }) => ({ clip: sha256, label }))).toEqual(rows)
    expect(new Set(told.map(({ speaker, dataset, condition }) => `${speaker} ${dataset} ${condition}`))).toEqual(
      new Set(['OAF synthetic clean', 'YAF synthetic clean']),
    )
    const right = told.filter(({ label, predicted }) => label === predicted).length
    expect(right / 70).toBeCloseTo(run.evaluation!.accuracy, 12)
    expect(run.peakMemoryBytes).toBeGreaterThan(50 * 2 ** 20)
  })

  it('sets a validation side aside, stops early by it, and normalises by the training side', async () => {
    const run = await train(
      smallSpec({
        epochs: 200,
        validation: { fraction: 0.2 },
        earlyStopping: { patience: 3, minDelta: 0.01 },
        schedule: { kind: 'cosine' },
        normalisation: 'standard',
        classWeights: 'balanced',
      }),
    )
    expect(run).toMatchObject({ status: 'completed', snapshot: { train: 168, validation: 42, test: 70 } })
    const { rows } = await trainers.db.query(
      'select side, count(*) as clips from run_clips where run_id = $1 group by side order by clips',
      [run.id],
    )
    expect(rows).toEqual([
      { side: 'validation', clips: 42 },
      { side: 'test', clips: 70 },
      { side: 'train', clips: 168 },
    ])
    expect(run.epochs.length).toBeGreaterThan(3)
    expect(run.epochs.length).toBeLessThan(200)
    const [first, last] = [run.epochs[0], run.epochs.at(-1)!]
    expect(last.learningRate).toBeLessThan(first.learningRate!)
    expect(last.validation!.loss).toBeLessThan(first.validation!.loss)
    expect(last.validation!.accuracy).toBeGreaterThan(0.9)
    const { tf } = await loadTensorflow()
    const { model } = loadModel(tf, await trainers.storage.get((await artefactOf(run)).key))
    expect(model.normalisation?.standard?.mean).toHaveLength(12)
    model.dispose()
  })

  it('trains on the chosen features only, in either layout', async () => {
    const oneStep = await train(smallSpec({ features: ['mel'] }))
    const steps = await train(smallSpec({ features: ['mel'], layout: 'steps' }))
    const { tf } = await loadTensorflow()
    for (const [run, layout] of [
      [oneStep, 'one-step'],
      [steps, 'steps'],
    ] as const) {
      expect(run.status).toBe('completed')
      const { model } = loadModel(tf, await trainers.storage.get((await artefactOf(run)).key))
      expect(model.architecture).toMatchObject({ layout, features: 8 })
      model.dispose()
    }
  })

  it('stops a run that is cancelled, and its process, at once', async () => {
    const id = await trainers.enqueue(smallSpec({ epochs: ENDLESS }))
    await trainers.reached(id, 2)
    const [child] = childrenOf(trainer.pid)
    expect(child).toBeGreaterThan(0)
    const askedMs = performance.now()
    await requestRunCancel(trainers.db, id)
    const run = await trainers.ended(id)
    await untilGone(child)
    expect(performance.now() - askedMs).toBeLessThan(1000)
    expect(run).toMatchObject({ status: 'cancelled', version: null, evaluation: null })
    await expect(requestRunCancel(trainers.db, id)).resolves.toBeUndefined()
  })

  it('cancels a run that waits, which no trainer takes then', async () => {
    await trainers.queues.pause('train')
    const id = await trainers.enqueue(smallSpec())
    await requestRunCancel(trainers.db, id)
    expect(await trainers.ended(id)).toMatchObject({ status: 'cancelled', startedAt: null })
    await trainers.queues.resume('train')
    const later = await train()
    expect(later.status).toBe('completed')
    expect(await trainers.ended(id)).toMatchObject({ status: 'cancelled', startedAt: null, epochs: [] })
    await expect(requestRunCancel(trainers.db, later.id)).rejects.toMatchObject({
      code: 'RUN_FINISHED',
      kind: 'conflict',
    })
  })

  it('trains in plain JavaScript where it is told to', async () => {
    await trainer.stop()
    trainer = await trainers.start({ SER_BACKEND: 'cpu' })
    const run = await train(smallSpec({ epochs: 2 }))
    expect(run).toMatchObject({ status: 'completed', backend: expect.stringMatching(/^cpu \d/) })
  })
})
