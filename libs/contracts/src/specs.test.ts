import { describe, expect, it } from 'vitest'
import {
  EMOTIONS,
  SCENARIOS,
  SerError,
  emotionIndex,
  evaluationSchema,
  failureKind,
  featureGroups,
  featureJobSchema,
  featureLength,
  featureRanges,
  featureSetId,
  featureSpecSchema,
  ingestRequestSchema,
  runSpecHash,
  runSpecSchema,
  splitSpecSchema,
} from './index.ts'

describe('a feature spec', () => {
  const spec = featureSpecSchema.parse({})

  it("has librosa's defaults and 170 values in four groups", () => {
    expect(spec).toEqual({
      sampleRate: 22_050,
      nFft: 2048,
      hopLength: 512,
      window: 'hann',
      nMels: 128,
      nMfcc: 40,
      pooling: 'mean',
    })
    expect(featureLength(spec)).toBe(170)
    expect(featureRanges(spec)).toEqual({ mel: [0, 128], mfcc: [128, 168], zcr: [168, 169], rms: [169, 170] })
  })

  it('has another identity when a parameter or the extractor changes', () => {
    const id = featureSetId(spec, '1')
    expect(id).toMatch(/^[0-9a-f]{64}$/)
    expect(featureSetId(featureSpecSchema.parse({ hopLength: 256 }), '1')).not.toBe(id)
    expect(featureSetId(spec, '2')).not.toBe(id)
  })

  it.each([{ nFft: 2000 }, { nMels: 20, nMfcc: 21 }])('refuses %j, which the extractor cannot compute', (input) => {
    expect(featureSpecSchema.safeParse(input).success).toBe(false)
  })

  it('of a voice is another kind, and leaves the identity of the others as it was', () => {
    const voice = featureSpecSchema.parse({ kind: 'voice' })
    expect(voice).toEqual({ kind: 'voice', sampleRate: 16_000, hopLength: 160, pooling: 'mean' })
    expect(featureLength(voice)).toBe(240)
    expect(featureGroups(voice)).toEqual(['pitch', 'quality', 'spectrum', 'cepstrum', 'level', 'rhythm', 'detail'])
    expect(featureGroups(spec)).toEqual(['mel', 'mfcc', 'zcr', 'rms'])
    expect(spec).not.toHaveProperty('kind')
    expect(featureSetId(voice, '1')).toBe('1e705efc964f2da916c5b8d822ced86f04abedc35fad4d77bee14a55903716fb')
    expect(featureSetId(spec, '1')).toBe('27e30854967b89106a6061c1b3ce1146ebd6b8321ba57f525409cadc475853af')
  })

  it('of a voice over time has blocks of 60 ms where nothing is said, and other groups than its statistics', () => {
    const blocks = featureSpecSchema.parse({ kind: 'voice', pooling: 'frames' })
    expect(blocks).toMatchObject({ pooling: 'frames', blockMs: 60 })
    expect(featureSpecSchema.parse(blocks)).toEqual(blocks)
    expect(featureLength(blocks)).toBe(42)
    expect(featureGroups(blocks)).toEqual(['pitch', 'quality', 'spectrum', 'cepstrum', 'level', 'detail'])
    const longer = featureSpecSchema.parse({ kind: 'voice', pooling: 'frames', blockMs: 100 })
    expect(featureSetId(longer, '1')).not.toBe(featureSetId(blocks, '1'))
  })

  it.each([
    { kind: 'voice', nMels: 40 },
    { kind: 'voice', sampleRate: 22_050 },
    { kind: 'voice', blockMs: 60 },
    { kind: 'voice', pooling: 'frames', blockMs: 65 },
    { kind: 'librosa' },
  ])('cannot be %j', (input) => {
    expect(featureSpecSchema.safeParse(input).success).toBe(false)
  })

  it('refuses a parameter that it does not know', () => {
    expect(featureSpecSchema.safeParse({ hop: 256 }).success).toBe(false)
  })
})

describe('a run spec', () => {
  it("is the paper's recipe where nothing is said", () => {
    const spec = runSpecSchema.parse({ datasets: ['tess'] })
    expect(spec).toMatchObject({ epochs: 50, batchSize: 256, learningRate: 0.001, lstmUnits: [128, 128], dropout: 0.2 })
    expect(spec.features).toEqual(SCENARIOS[2])
    expect(runSpecHash(spec)).toBe(runSpecHash(runSpecSchema.parse({ datasets: ['tess'], seed: 1 })))
    expect(runSpecHash(spec)).not.toBe(runSpecHash({ ...spec, seed: 2 }))
  })

  it('sees every group of a voice where nothing is said, and no group of another kind', () => {
    const featureSet = { kind: 'voice' }
    const spec = runSpecSchema.parse({ datasets: ['tess'], featureSet })
    expect(spec.features).toEqual(featureGroups(spec.featureSet))
    const chosen = runSpecSchema.parse({ datasets: ['tess'], featureSet, features: ['pitch', 'level'] })
    expect(chosen.features).toEqual(['pitch', 'level'])
    expect(runSpecSchema.safeParse({ datasets: ['tess'], featureSet, features: ['mel'] }).success).toBe(false)
    expect(runSpecSchema.safeParse({ datasets: ['tess'], features: ['pitch'] }).success).toBe(false)
  })

  it('refuses a feature group that is named twice', () => {
    expect(runSpecSchema.safeParse({ datasets: ['tess'], features: ['mel', 'mel'] }).success).toBe(false)
  })

  it.each([{ datasets: [] }, { datasets: ['Tess!'] }, { datasets: ['tess'], dropout: 1 }])('refuses %j', (input) => {
    expect(runSpecSchema.safeParse(input).success).toBe(false)
  })
})

describe('a split', () => {
  it.each([
    { by: 'dataset', test: ['ravdess'] },
    { by: 'clip-fold', folds: 5, fold: 5 },
    { by: 'speaker-fold', folds: 24, fold: 1 },
  ])('can be %j', (split) => {
    expect(splitSpecSchema.parse(split)).toEqual(split)
  })

  it.each([
    { by: 'dataset', test: [] },
    { by: 'clip-fold', folds: 1, fold: 1 },
    { by: 'clip-fold', folds: 5, fold: 6 },
    { by: 'speaker-fold', folds: 5, fold: 0 },
    { by: 'moon' },
  ])('cannot be %j', (split) => {
    expect(splitSpecSchema.safeParse(split).success).toBe(false)
  })
})

describe('the labels of a run', () => {
  it('are those of the recordings unless the spec says otherwise, which makes it another spec', () => {
    const plain = runSpecSchema.parse({ datasets: ['ravdess'] })
    const asked = runSpecSchema.parse({ datasets: ['ravdess'], relabel: { calm: 'neutral' } })
    expect(plain).not.toHaveProperty('relabel')
    expect(runSpecHash(asked)).not.toBe(runSpecHash(plain))
    expect(runSpecSchema.safeParse({ datasets: ['ravdess'], relabel: { calm: 'serene' } }).success).toBe(false)
  })
})

const parseRunSpec = (options: object) => runSpecSchema.safeParse({ datasets: ['tess'], ...options })

describe('what a run may ask for beyond the paper', () => {
  const options = {
    layout: 'frames',
    validation: { fraction: 0.1 },
    earlyStopping: {},
    schedule: { kind: 'cosine' },
    classWeights: 'balanced',
    normalisation: 'standard',
    scale: 'decibel',
    labelSmoothing: 0.1,
    weightDecay: 0.01,
    clipNorm: 1,
    noise: 0.1,
    convolutions: [{ filters: 128, kernel: 5, pool: 2 }],
    bidirectional: true,
    pooling: 'attention',
  }

  it('is absent unless it is asked for, so that older specs keep their hash', () => {
    const spec = runSpecSchema.parse({ datasets: ['tess'] })
    for (const name of Object.keys(options)) if (name !== 'layout') expect(spec).not.toHaveProperty(name)
    expect(runSpecHash(spec)).toBe('8afa34c0fad69c65d7b2ee05633827d1e64812274db16fe74849faffd70b8b95')
  })

  it('gets its own defaults when it is asked for', () => {
    expect(parseRunSpec(options).data).toMatchObject({
      validation: { fraction: 0.1, by: 'clip' },
      earlyStopping: { monitor: 'loss', patience: 10, minDelta: 0, restoreBest: true },
      schedule: { kind: 'cosine', warmupEpochs: 0, finalFactor: 0 },
    })
  })

  it.each([
    ['early stopping without a validation side', { earlyStopping: {} }],
    ['a schedule on plateau without a validation side', { schedule: { kind: 'plateau' } }],
    ['convolutions over one step', { convolutions: [{ filters: 8, kernel: 3 }] }],
    ['convolutions over an even number of steps', { layout: 'steps', convolutions: [{ filters: 8, kernel: 4 }] }],
    ['a validation side of everything', { validation: { fraction: 1 } }],
  ])('cannot be %s', (_name, wrong) => {
    expect(parseRunSpec(wrong).success).toBe(false)
  })
})

describe('a request or job', () => {
  it('reads TESS from a folder unless told otherwise', () => {
    const request = ingestRequestSchema.parse({ dataset: 'tess', source: { kind: 'folder', path: '/data' } })
    expect(request.layout).toEqual({ kind: 'tess' })
  })

  it('carries at most 256 clips', () => {
    const clip = 'a'.repeat(64)
    expect(featureJobSchema.safeParse({ featureSetId: clip, clips: Array(256).fill(clip) }).success).toBe(true)
    expect(featureJobSchema.safeParse({ featureSetId: clip, clips: Array(257).fill(clip) }).success).toBe(false)
  })
})

describe('failures', () => {
  it('keep their kind, and are retried when nothing is known of them', () => {
    expect(failureKind(new SerError('empty', 'no samples', { kind: 'bad-input' }))).toBe('bad-input')
    expect(failureKind(Object.assign(new Error('x'), { kind: 'gone' }))).toBe('gone')
    expect(failureKind(Object.assign(new Error('x'), { kind: 'nonsense' }))).toBe('transient')
    expect(failureKind('thrown text')).toBe('transient')
  })
})

describe('an evaluation', () => {
  it('that was stored before intervals, groups and calibration were computed can be read', () => {
    const figures = { accuracy: 1, uar: 1, macroF1: 1, loss: 0 }
    const stored = { labels: ['sad'], confusion: [[1]], ...figures, perClass: [] }
    expect(evaluationSchema.parse(stored)).toEqual(stored)
  })
})

describe('emotions', () => {
  it('are seven, and a label that is not among them has index -1', () => {
    expect(EMOTIONS).toHaveLength(7)
    expect(emotionIndex('surprise')).toBe(6)
    expect(emotionIndex('calm')).toBe(-1)
  })
})
