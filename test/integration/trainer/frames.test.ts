import type { Epoch, Run } from '@ser/contracts'
import { getModelVersion, listMatrices, readMatrices, readRunPredictions } from '@ser/database'
import { decodeMatrix } from '@ser/features'
import { loadModel, loadTensorflow, predictProbabilities } from '@ser/model'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addMatrices, frameSpec } from './add-matrices.ts'
import { addDataset, childrenOf, openTrainer, smallSpec, untilGone } from './open-trainer.ts'
import type { StartedApp } from '../../support/index.ts'

const figures = ({ epochs }: Run): Omit<Epoch, 'seconds'>[] => epochs.map(({ seconds: _seconds, ...rest }) => rest)

describe('the trainer on every frame', () => {
  let trainers: Awaited<ReturnType<typeof openTrainer>>
  let trainer: StartedApp

  beforeAll(async () => {
    trainers = await openTrainer()
    await addMatrices(trainers.db, 'synthetic', 280)
    trainer = await trainers.start({ SER_CHECKPOINT_SECONDS: '0', SER_EXAMPLES_MB: '1' })
  })
  afterAll(() => trainers?.close())

  const train = async (spec = frameSpec()) => trainers.ended(await trainers.enqueue(spec))
  const artefactOf = async ({ version }: Run) => (await getModelVersion(trainers.db, version!)).artefact
  const loadOf = async (run: Run) => {
    const { tf } = await loadTensorflow()
    return loadModel(tf, await trainers.storage.get((await artefactOf(run)).key)).model
  }

  it('learns what lies in time from recordings of unequal length, and the model file says the same of them', async () => {
    const run = await train(frameSpec({ epochs: 30, pooling: 'attention', scale: 'decibel', bidirectional: true }))
    expect(run).toMatchObject({ status: 'completed', error: null, snapshot: { train: 210, test: 70 } })
    expect(run.evaluation!.accuracy).toBeGreaterThan(0.8)

    const told = []
    for await (const page of readRunPredictions(trainers.db, run.id)) told.push(...page)
    const right = told.filter(({ label, predicted }) => label === predicted).length
    expect(told).toHaveLength(70)
    expect(right / 70).toBeCloseTo(run.evaluation!.accuracy, 12)

    const model = await loadOf(run)
    expect(model.architecture).toMatchObject({ layout: 'frames', features: 12, pooling: 'attention' })
    // The decibels of the training side's frames, not of all.
    expect(model.normalisation).toMatchObject({ decibel: [0, 8], standard: { mean: expect.any(Float32Array) } })
    const matrices = await readTold(told.map(({ sha256 }) => sha256))
    for (const [index, { probabilities }] of told.entries()) {
      const alone = predictProbabilities(model, matrices[index])
      for (const [place, probability] of probabilities.entries()) expect(alone[place]).toBeCloseTo(probability, 5)
    }
    model.dispose()
  })

  it('sees only the chosen groups, and a validation side of its own lengths', async () => {
    const options = { features: ['mfcc', 'rms'], validation: { fraction: 0.2 }, epochs: 3 } as const
    const run = await train(frameSpec({ ...options, features: [...options.features] }))
    expect(run).toMatchObject({ status: 'completed', snapshot: { train: 168, validation: 42, test: 70 } })
    expect(run.epochs.at(-1)!.validation!.loss).toBeGreaterThan(0)
    const model = await loadOf(run)
    expect(model.architecture.features).toBe(3)
    model.dispose()
  })

  it('gives the same numbers again, also when its process is killed and goes on from a checkpoint', async () => {
    const spec = frameSpec({
      model: 'twice',
      pooling: 'attentive-statistics',
      lstmUnits: [32],
      batchSize: 8,
      epochs: 7,
    })
    const first = await train(spec)
    const id = await trainers.enqueue(spec)
    await trainers.reached(id, 3)
    const [child] = childrenOf(trainer.pid)
    process.kill(child, 'SIGKILL')
    await untilGone(child)
    const second = await trainers.ended(id)
    expect(second).toMatchObject({ status: 'completed', attempts: 2, restartReason: null })
    expect(second.resumedFromEpoch).toBeGreaterThanOrEqual(2)
    expect(figures(second)).toEqual(figures(first))
    expect(second.evaluation).toEqual(first.evaluation)
    expect(await artefactOf(second)).toEqual(await artefactOf(first))
  })

  it('refuses a layout that the features are not made for, and more than may be in memory, with a reason', async () => {
    const failure = async (spec: ReturnType<typeof smallSpec>) => {
      const run = await train(spec)
      expect(run).toMatchObject({ status: 'failed', epochs: [], version: null })
      return run.error
    }
    await addDataset(trainers.db, 'pooled', { clips: 14 })
    expect(await failure(smallSpec({ datasets: ['pooled'], layout: 'frames' }))).toMatchObject({
      code: 'RUN_NEEDS_FRAMES',
    })
    expect(await failure(frameSpec({ layout: 'one-step' }))).toMatchObject({ code: 'RUN_NEEDS_POOLED_FEATURES' })
    expect(await failure(frameSpec({ datasets: ['pooled'] }))).toMatchObject({ code: 'RUN_VECTORS_OWED' })
    // Some 22 frames of 12 values are 1 KiB a recording.
    await addMatrices(trainers.db, 'large', 1400)
    const refused = await failure(frameSpec({ datasets: ['large'] }))
    expect(refused).toMatchObject({ code: 'RUN_TOO_LARGE' })
    expect(refused?.message).toMatch(/take 2 MiB, and the trainer has 1 MiB for them \(SER_EXAMPLES_MB\): choose fewer/)
    expect(await train(frameSpec({ datasets: ['large'], features: ['mfcc'], epochs: 1 }))).toMatchObject({
      status: 'completed',
    })
  })

  async function readTold(shas: readonly string[]): Promise<Float32Array[]> {
    const { rows } = await trainers.db.query<{ id: number }>(
      `select id from feature_sets where spec ->> 'pooling' = 'frames'`,
    )
    const [{ id: featureSet }] = rows
    const clips = await listMatrices(trainers.db, { datasets: ['synthetic'], featureSet })
    const bySha = new Map(clips.map((clip) => [clip.sha256, clip]))
    const matrices: Float32Array[] = []
    for await (const found of readMatrices(
      trainers.db,
      featureSet,
      shas.map((sha256) => bySha.get(sha256)!),
    ))
      matrices.push(...found.map(({ matrix }) => decodeMatrix(matrix)))
    return matrices
  }
})
