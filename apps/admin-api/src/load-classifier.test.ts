import { EMOTIONS, featureSpecSchema } from '@ser/contracts'
import { createRowExtractor, EXTRACTOR_VERSION, VOICE_EXTRACTOR_VERSION } from '@ser/features'
import { buildModel, fitNormalisation, loadTensorflow, predictMembers, saveMembers } from '@ser/model'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { loadClassifier, type Classifier } from './load-classifier.ts'

const spec = featureSpecSchema.parse({ nMels: 8, nMfcc: 4 })
const FEATURES = 14

/** Half a second of a tone. */
const tone = (hertz: number) =>
  Float32Array.from({ length: 11_025 }, (_, at) => 0.3 * Math.sin((2 * Math.PI * hertz * at) / 22_050))

/** Two networks, of which the first normalises by speaker when it is told to. */
async function saved(speaker: boolean): Promise<Uint8Array> {
  const { tf } = await loadTensorflow()
  const vectors = Float32Array.from({ length: 12 * FEATURES }, (_, at) => Math.sin(at) + (at % FEATURES))
  const normalisation = fitNormalisation({
    vectors,
    speakers: new Uint32Array(12),
    features: FEATURES,
    speaker,
    standard: true,
  })
  const network = { layout: 'one-step', lstmUnits: [8], denseUnits: 8, dropout: 0, classes: 7 } as const
  const first = buildModel(tf, { ...network, features: FEATURES, seed: 1, normalisation })
  const second = buildModel(tf, { ...network, features: 8, seed: 2 })
  const features = { spec, extractor: EXTRACTOR_VERSION }
  const members = [
    {
      model: first,
      weight: 2,
      features: { ...features, groups: ['mel', 'mfcc', 'zcr', 'rms'] as ('mel' | 'mfcc' | 'zcr' | 'rms')[] },
    },
    { model: second, weight: 1, features: { ...features, groups: ['mel' as const] } },
  ]
  const bytes = saveMembers({ labels: EMOTIONS, members })
  for (const { model } of members) model.dispose()
  return bytes
}

describe('a model that normalises by speaker', () => {
  let classifier: Classifier
  const heard = () => [200, 300, 450, 700].map((hertz) => classifier.featuresOf(tone(hertz)))
  beforeAll(async () => {
    classifier = await loadClassifier(await saved(true), 10)
  })
  afterAll(() => classifier.dispose())

  it('answers a recording of anybody alone as it does among others', () => {
    const recordings = heard()
    expect(classifier.classify(recordings)[1]).toEqual(classifier.classify([recordings[1]])[0])
    expect(classifier.normalisedBy(4)).toEqual({ of: 'training-speakers', recordings: 0 })
  })

  it('answers recordings of one speaker by one another, whatever their order', () => {
    const recordings = heard()
    const together = classifier.classify(recordings, 'one speaker')
    expect(together[1]).not.toEqual(classifier.classify(recordings)[1])
    const reversed = classifier.classify(recordings.toReversed(), 'one speaker').toReversed()
    for (const [index, answer] of reversed.entries())
      for (const name of EMOTIONS) expect(answer[name]).toBeCloseTo(together[index][name], 5)
    expect(classifier.normalisedBy(4, 'one speaker')).toEqual({ of: 'batch', recordings: 4 })
  })

  it('answers fewer than three of one speaker as those of anybody, and says so', () => {
    const two = heard().slice(0, 2)
    expect(classifier.classify(two, 'one speaker')).toEqual(classifier.classify(two))
    expect(classifier.normalisedBy(2, 'one speaker')).toEqual({ of: 'training-speakers', recordings: 0 })
  })
})

it('a model that does not normalise by speaker gives the same answers whoever speaks, and says nothing of statistics', async () => {
  const classifier = await loadClassifier(await saved(false), 10)
  const recordings = [200, 300, 450].map((hertz) => classifier.featuresOf(tone(hertz)))
  expect(classifier.classify(recordings, 'one speaker')).toEqual(classifier.classify(recordings))
  expect(classifier.normalisedBy(3, 'one speaker')).toBeNull()
  const sums = classifier.classify(recordings).map((answer) => EMOTIONS.reduce((sum, name) => sum + answer[name], 0))
  for (const sum of sums) expect(sum).toBeCloseTo(1, 5)
  classifier.dispose()
})

test('a model of the statistics of a voice and of its measures over time hears both of a recording', async () => {
  const { tf } = await loadTensorflow()
  const network = { lstmUnits: [8], denseUnits: 8, dropout: 0, classes: 7 } as const
  const statistics = buildModel(tf, { ...network, layout: 'one-step', features: 22, seed: 1 })
  const sequence = buildModel(tf, { ...network, layout: 'frames', features: 6, pooling: 'attention', seed: 2 })
  const specs = [{ kind: 'voice' }, { kind: 'voice', pooling: 'frames' }].map((each) => featureSpecSchema.parse(each))
  const extractor = VOICE_EXTRACTOR_VERSION
  const members = [
    { model: statistics, weight: 3, features: { spec: specs[0], extractor, groups: ['pitch' as const] } },
    {
      model: sequence,
      weight: 1,
      features: { spec: specs[1], extractor, groups: ['pitch' as const, 'level' as const] },
    },
  ]
  const own = await loadClassifier(saveMembers({ labels: EMOTIONS, members }), 10)
  const samples = tone(200)
  const [values, blocks] = specs.map((each) => createRowExtractor(each)(samples))
  const heard = own.featuresOf(samples)
  expect(heard[0]).toEqual(values.subarray(0, 22))
  expect(heard[1]).toEqual(blocks.filter((_, at) => at % 42 < 4 || (at % 42 >= 16 && at % 42 < 18)))
  const expected = predictMembers(members, [{ vectors: heard[0] }, { vectors: heard[1] }])
  expect(Object.values(own.classify([heard])[0])).toEqual([...expected])
  own.dispose()
  for (const { model } of members) model.dispose()
})
