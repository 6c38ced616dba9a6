import { createHash } from 'node:crypto'
import { encodeWav, loadWaveform, probeAudio } from '@ser/audio'
import { recipeSchema } from '@ser/augmentation'
import {
  EMOTIONS,
  featureSpecSchema,
  runSpecSchema,
  type Epoch,
  type FeatureSpec,
  type Run,
  type RunSpecInput,
} from '@ser/contracts'
import {
  ensureDataset,
  ensureFeatureSet,
  findTrainingResources,
  getModelVersion,
  registerDatasetClips,
  upsertClips,
  upsertMatrices,
  upsertVectors,
} from '@ser/database'
import { createRowExtractor, encodeMatrix, extractorVersion } from '@ser/features'
import { audioKey } from '@ser/object-storage'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { storeRecipe } from '../../../apps/admin-api/src/choose-recipe.ts'
import { requestRun } from '../../../apps/admin-api/src/request-run.ts'
import { childrenOf, openTrainer, smallSpec, untilGone } from './open-trainer.ts'

const recipe = 'light'
/** Quickly made, and with all that a recipe can mix in. */
const light = recipeSchema.parse({
  name: recipe,
  version: 4,
  steps: [
    { transform: 'AddBabbleNoise', params: { snrDb: [5, 20], speakers: [1, 3] } },
    { transform: 'AddBackgroundNoise', p: 0.5, params: { snrDb: [5, 20] } },
  ],
})
const babble = { recipe, share: 0.6, resources: { voices: { side: 'train' as const }, noise: { dataset: 'noise' } } }
const spec = smallSpec({ epochs: 4, split: { by: 'word', test: 0.25 }, normalisation: 'standard', onTheFly: babble })
const FRAME_LENGTH = 12
const otherFeatures: readonly [string, Partial<RunSpecInput>][] = [
  ['every frame', { featureSet: { nMels: 8, nMfcc: 2, pooling: 'frames' }, layout: 'frames', lstmUnits: [16] }],
  ['statistics of the voice', { featureSet: { kind: 'voice' }, features: ['pitch', 'cepstrum'] }],
]
const figures = ({ epochs }: Run) =>
  epochs.map(({ seconds: _seconds, waitedSeconds: _waited, ...rest }): Omit<Epoch, 'seconds'> => rest)

/** A sixth of a second of a tone whose height is that of its emotion. */
function synthesise(number: number): Uint8Array {
  const samples = Float32Array.from({ length: 4000 }, (_, at) => 0.3 * Math.sin(at / (4 + (number % 7) + number / 500)))
  return encodeWav({ samples, sampleRate: 24_414 })
}

describe('variants on the fly', () => {
  let bench: Awaited<ReturnType<typeof openTrainer>>
  let unbroken: Run
  let noise: string[]
  let corpus: Recording[]

  beforeAll(async () => {
    bench = await openTrainer()
    await storeRecipe(bench.db, light)
    corpus = Array.from({ length: 56 }, (_, number) => ({
      emotion: EMOTIONS[number % 7],
      speaker: number % 2 === 0 ? 'OAF' : 'YAF',
      word: `word ${Math.floor(number / 7)}`,
      bytes: synthesise(number),
    }))
    await addRecordings('synthetic', corpus)
    noise = await addRecordings(
      'noise',
      [100, 101].map((number) => ({ emotion: '', speaker: '', word: '', bytes: synthesise(number) })),
    )
    await bench.start({ SER_VARIANT_THREADS: '1' })
    unbroken = await train(spec)
    await bench.stopAll()
  })
  afterEach(() => bench.stopAll())
  afterAll(() => bench?.close())

  type Recording = { emotion: string; speaker: string; word: string; bytes: Uint8Array }

  async function addRecordings(dataset: string, recordings: readonly Recording[]): Promise<string[]> {
    const clips = recordings.map(({ bytes, ...said }) => {
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      return { ...said, sha256, objectKey: audioKey(sha256), recording: bytes }
    })
    for (const { objectKey, recording } of clips) await bench.storage.put(objectKey, recording)
    await upsertClips(
      bench.db,
      clips.map(({ sha256, objectKey, recording }) => ({
        sha256,
        objectKey,
        bytes: recording.length,
        ...probeAudio(recording),
      })),
    )
    const rows = clips.map(({ sha256, emotion: label, speaker, word }) => ({
      sha256,
      path: `${sha256}.wav`,
      label,
      speaker,
      word,
      split: null,
    }))
    await registerDatasetClips(bench.db, await ensureDataset(bench.db, dataset), rows)
    await storeFeatures(runSpecSchema.parse(spec).featureSet, clips)
    return clips.map(({ sha256 }) => sha256)
  }

  /** As the feature workers do. */
  async function storeFeatures(features: FeatureSpec, clips: readonly { sha256: string; recording: Uint8Array }[]) {
    const { rowId } = await ensureFeatureSet(bench.db, features, extractorVersion(features))
    const toRows = createRowExtractor(features)
    const rows = clips.map(({ sha256, recording }) => {
      const values = toRows(loadWaveform(recording, { sampleRate: features.sampleRate }).samples)
      return { sha256, values }
    })
    if (features.pooling === 'mean') return upsertVectors(bench.db, rowId, rows)
    const matrices = rows.map(({ sha256, values }) => {
      const matrix = encodeMatrix(values, { columns: FRAME_LENGTH, power: [0, 8] })
      return { sha256, frames: values.length / FRAME_LENGTH, matrix }
    })
    return upsertMatrices(bench.db, rowId, matrices)
  }

  const ask = (input: RunSpecInput) => requestRun(bench, runSpecSchema.parse(input), undefined)
  const train = async (input: RunSpecInput) => bench.ended((await ask(input)).id)
  const hashOf = async ({ version }: Run) => (await getModelVersion(bench.db, version!)).artefact.sha256

  it('train a model, of which the run says recipe and version, and how long it waited', () => {
    expect(unbroken).toMatchObject({
      status: 'completed',
      error: null,
      spec: { onTheFly: { ...babble, recipe: 'light@4' } },
      snapshot: { test: 14 },
    })
    expect(unbroken.epochs).toHaveLength(4)
    for (const { waitedSeconds, seconds } of unbroken.epochs) {
      expect(waitedSeconds).toBeGreaterThanOrEqual(0)
      expect(waitedSeconds).toBeLessThanOrEqual(seconds)
    }
  })

  it('are the same to the last digit with other threads, and after the training process was killed', async () => {
    const trainer = await bench.start({ SER_VARIANT_THREADS: '3', SER_CHECKPOINT_SECONDS: '0' })
    const { id } = await ask(spec)
    await bench.reached(id, 2)
    const [child] = childrenOf(trainer.pid)
    process.kill(child, 'SIGKILL')
    await untilGone(child)
    const run = await bench.ended(id)
    expect(run).toMatchObject({ status: 'completed', attempts: 2 })
    expect(figures(run)).toEqual(figures(unbroken))
    expect(run.evaluation).toEqual(unbroken.evaluation)
    expect(await hashOf(run)).toBe(await hashOf(unbroken))

    const { onTheFly: _none, ...plain } = spec
    const clean = await bench.ended((await ask(plain)).id)
    expect(clean.specHash).not.toBe(run.specHash)
    expect(clean.snapshot).toEqual(run.snapshot)
    expect(clean.epochs[0].trainLoss).not.toBe(run.epochs[0].trainLoss)
    expect(clean.epochs[0]).not.toHaveProperty('waitedSeconds')
  })

  it.each(otherFeatures)('are heard as %s by networks that see it', async (_features, changes) => {
    await bench.start()
    const plain: RunSpecInput = { ...spec, ...changes, epochs: 2 }
    const clips = corpus.map(({ bytes }) => ({
      sha256: createHash('sha256').update(bytes).digest('hex'),
      recording: bytes,
    }))
    await storeFeatures(featureSpecSchema.parse(changes.featureSet), clips)
    const { onTheFly: _none, ...clean } = plain
    const [varied, untouched] = [await train(plain), await train(clean)]
    expect([varied, untouched]).toMatchObject([
      { status: 'completed', error: null },
      { status: 'completed', error: null },
    ])
    // The same network on the same recordings, of which it hears some otherwise; the test side is as it was.
    expect(varied.snapshot).toEqual(untouched.snapshot)
    expect(varied.epochs[0].trainLoss).not.toBe(untouched.epochs[0].trainLoss)
    expect(varied.epochs[0].waitedSeconds).toBeGreaterThan(0)
  })

  it('make what is mixed in known to stress evaluations, which refuse it', async () => {
    expect(await findTrainingResources(bench.db, unbroken.id, [...noise, 'ab'.repeat(32)])).toEqual([...noise].sort())
  })

  it('are refused with a reason: a recipe or resource that nobody knows, a recording of the test side, one that is gone', async () => {
    await expect(ask({ ...spec, onTheFly: { recipe: 'light@9' } })).rejects.toMatchObject({
      code: 'RECIPE_NOT_FOUND',
    })
    const unused = { recipe: 'paper-noise', resources: { noise: { dataset: 'noise' } } }
    await expect(ask({ ...spec, onTheFly: unused })).rejects.toMatchObject({ code: 'RESOURCES_UNUSED' })
    await bench.start()
    const leaking = { recipe, resources: { voices: { dataset: 'synthetic' }, noise: { dataset: 'noise' } } }
    expect(await train({ ...spec, onTheFly: leaking })).toMatchObject({
      status: 'failed',
      error: { code: 'RESOURCES_OVERLAP' },
    })
    await bench.storage.remove(audioKey(noise[0]))
    const failed = await train(spec)
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'RECORDING_GONE' } })
    expect(failed.error?.message).toContain(noise[0])
  })
})
