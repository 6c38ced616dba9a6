import { EMOTIONS, featureSpecSchema } from '@ser/contracts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Examples } from './batch-examples.ts'
import { buildModel, type BuildOptions } from './build-model.ts'
import { fitMembers, type MemberFit } from './fit-members.ts'
import { createGenerator, standardNormal } from './generate-random.ts'
import { loadTensorflow, type Tensorflow } from './load-tensorflow.ts'
import { disposeMembers, needsSpeakers, predictMembers, type Ensemble } from './members.ts'
import { fileNeedsSpeakers, loadMembers, loadModel } from './load-model.ts'
import { saveMembers } from './save-model.ts'
import { fitNormalisation } from './normalise-inputs.ts'
import { predictInputs } from './predict-probabilities.ts'

let tf: Tensorflow
let before: number
beforeAll(async () => {
  ;({ tf } = await loadTensorflow({ backend: 'cpu' }))
  before = tf.memory().numTensors
})
afterAll(() => expect(tf.memory().numTensors).toBe(before))

const FEATURES = 6

/** Each speaker has a level of its own, and emotions show in what differs from it. */
function sayings(seed: number, count: number): Required<Omit<Examples, 'lengths'>> {
  const random = createGenerator(seed, 'weights')
  const labels = Uint8Array.from({ length: count }, (_, index) => index % 3)
  const speakers = Uint32Array.from({ length: count }, (_, index) => Math.floor(index / 3) % 3)
  const vectors = Float32Array.from({ length: count * FEATURES }, (_, at) => {
    const recording = Math.floor(at / FEATURES)
    return (at % FEATURES === labels[recording] ? 2 : 0) + 5 * speakers[recording] + 0.5 * standardNormal(random)
  })
  return { vectors, labels, speakers, domains: speakers }
}

const [train, test_] = [sayings(1, 90), sayings(2, 45)]
const bySpeaker = fitNormalisation({ ...train, features: FEATURES, speaker: true })
const network = {
  layout: 'one-step',
  features: FEATURES,
  lstmUnits: [8],
  denseUnits: 8,
  dropout: 0.2,
  classes: 3,
} as const
const build = (changes: Partial<BuildOptions> & { seed: number }) => buildModel(tf, { ...network, ...changes })
const fitting = { train, test: test_, batchSize: 16, learningRate: 0.01 }
const disturbed = {
  mixup: 0.3,
  inputDropout: 0.2,
  noise: 0.3,
  labelSmoothing: 0.1,
  weightDecay: 0.01,
  sampling: { balance: ['class', 'dataset'], stepsPerEpoch: 5 },
} as const satisfies Partial<MemberFit>

/** Three networks: two kinds of training, the second in two layouts. */
function plan(): MemberFit[] {
  return [
    { ...fitting, ...disturbed, model: build({ seed: 1, normalisation: bySpeaker }), epochs: 3, seed: 1 },
    { ...fitting, model: build({ seed: 2, layout: 'steps' }), epochs: 2, seed: 2 },
    { ...fitting, ...disturbed, model: build({ seed: 3, normalisation: bySpeaker }), epochs: 2, seed: 3 },
  ]
}

const dispose = (members: readonly MemberFit[]) => members.forEach(({ model }) => model.dispose())
const answersOf = (members: readonly MemberFit[]) => members.map(({ model }) => [...predictInputs(model, test_)])

describe('several networks', () => {
  test('are trained one after the other, their epochs numbered through, and give equal numbers twice', async () => {
    const epochs: number[] = []
    const [first, second] = [plan(), plan()]
    await fitMembers({ members: first, onEpoch: ({ epoch }) => void epochs.push(epoch) })
    await fitMembers({ members: second })
    expect(epochs).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(answersOf(second)).toEqual(answersOf(first))
    dispose([...first, ...second])
  })

  test('go on from any checkpoint to the same numbers, and only from one of the same training', async () => {
    const checkpoints: Uint8Array[] = []
    const unbroken = plan()
    await fitMembers({ members: unbroken, onCheckpoint: (bytes) => void checkpoints.push(bytes) })
    expect(checkpoints).toHaveLength(7)
    for (const resumeFrom of [checkpoints[1], checkpoints[2], checkpoints[5], checkpoints[6]]) {
      const resumed = plan()
      await fitMembers({ members: resumed, resumeFrom })
      expect(answersOf(resumed)).toEqual(answersOf(unbroken))
      dispose(resumed)
    }
    const [one, ...others] = plan()
    const other = [{ ...one, mixup: 0.4 }, ...others]
    const conflict = expect.objectContaining({ code: 'CHECKPOINT_UNUSABLE', kind: 'conflict' })
    await expect(fitMembers({ members: other, resumeFrom: checkpoints[5] })).rejects.toThrow(conflict)
    const damaged = checkpoints[5].slice(0, 20)
    await expect(fitMembers({ members: other, resumeFrom: damaged })).rejects.toThrow(conflict)
    dispose([...unbroken, ...other])
  })

  test('answer with the weighted mean of their probabilities', () => {
    const members = [
      { model: build({ seed: 1 }), weight: 3 },
      { model: build({ seed: 2 }), weight: 1 },
    ]
    const [a, b] = members.map(({ model }) => predictInputs(model, test_))
    const mean = predictMembers(members, [test_, test_])
    for (const [at, value] of mean.entries()) expect(value).toBeCloseTo(0.75 * a[at] + 0.25 * b[at], 6)
    members.forEach(({ model }) => model.dispose())
  })
})

describe('a model file', () => {
  const features = { spec: featureSpecSchema.parse({}), extractor: '1', groups: ['mfcc' as const] }
  const labels = EMOTIONS.slice(0, 3)

  test('holds several networks with what each sees, and answers as they did', () => {
    const saved: Ensemble = {
      labels,
      members: [
        { model: build({ seed: 1, normalisation: bySpeaker }), weight: 2, features },
        { model: build({ seed: 2, layout: 'steps' }), weight: 1, features: { ...features, groups: ['zcr', 'rms'] } },
      ],
    }
    const bytes = saveMembers(saved)
    const loaded = loadMembers(tf, bytes)
    expect(loaded.labels).toEqual(labels)
    expect(loaded.members.map((member) => [member.weight, member.features])).toEqual(
      saved.members.map((member) => [member.weight, member.features]),
    )
    const inputs = [test_, test_]
    expect(predictMembers(loaded.members, inputs)).toEqual(predictMembers(saved.members, inputs))
    expect(saveMembers(loaded)).toEqual(bytes)
    expect([needsSpeakers(loaded), fileNeedsSpeakers(bytes)]).toEqual([true, true])
    expect(Buffer.from(bytes).includes('ser-model/3')).toBe(true)
    expect(() => loadModel(tf, bytes)).toThrow(expect.objectContaining({ code: 'NOT_A_MODEL_FILE' }))
    for (const ensemble of [saved, loaded]) disposeMembers(ensemble)
  })

  test('of one network without speakers is as it ever was', () => {
    const model = build({ seed: 1 })
    const bytes = saveMembers({ labels, members: [{ model, weight: 5, features }] })
    expect(Buffer.from(bytes).includes('ser-model/1')).toBe(true)
    expect(fileNeedsSpeakers(bytes)).toBe(false)
    const loaded = loadMembers(tf, bytes)
    expect(predictMembers(loaded.members, [test_])).toEqual(predictInputs(model, test_))
    model.dispose()
    disposeMembers(loaded)
  })

  test('keeps what a speaker is normalised by, which makes it another format', () => {
    const model = build({ seed: 1, normalisation: bySpeaker })
    const bytes = saveMembers({ labels, members: [{ model, weight: 1, features }] })
    expect(Buffer.from(bytes).includes('ser-model/3')).toBe(true)
    const loaded = loadModel(tf, bytes)
    expect(loaded.model.normalisation).toEqual(bySpeaker)
    expect(predictInputs(loaded.model, test_)).toEqual(predictInputs(model, test_))
    model.dispose()
    loaded.model.dispose()
  })
})

test('the labels of the recordings that a speaker is normalised by play no part in what they are taken for', async () => {
  const [[member, ...unused], [other, ...alsoUnused]] = [plan(), plan()]
  const mislabelled = { ...test_, labels: test_.labels.map((label) => (label + 1) % 3) }
  await fitMembers({ members: [member] })
  await fitMembers({ members: [{ ...other, test: mislabelled }] })
  expect(answersOf([other])).toEqual(answersOf([member]))
  dispose([member, other, ...unused, ...alsoUnused])
})
