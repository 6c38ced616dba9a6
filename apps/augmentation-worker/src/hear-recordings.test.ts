import { encodeWav } from '@ser/audio'
import { planStress, stressPlanSchema } from '@ser/augmentation'
import { EMOTIONS, featureSpecSchema, type RunSpec } from '@ser/contracts'
import { EXTRACTOR_VERSION } from '@ser/features'
import { buildModel, fitNormalisation, loadTensorflow, saveModel } from '@ser/model'
import { expect, test } from 'vitest'
import { createListener } from './hear-recordings.ts'

const plan = { snrDb: [10, 0], noises: ['pink', 'babble'], rt60Seconds: [0.3], clippingPercent: [20] }
const conditions = planStress(stressPlanSchema.parse(plan), { recordings: false })

/** Tones of different lengths, heights and onsets. */
const recordings = [0, 1, 2, 3].map((number) => {
  const samples = Float32Array.from(
    { length: 9000 + 3000 * number },
    (_, at) => 0.3 * Math.sin((at * (5 + number)) / 90),
  )
  return { sha256: String(number).repeat(64), bytes: encodeWav({ samples, sampleRate: 16_000 }) }
})

async function saveUntrained(
  layout: RunSpec['layout'],
  { bySpeaker = false, ...changes }: { extractor?: string; bySpeaker?: boolean } = {},
): Promise<Uint8Array> {
  const { tf } = await loadTensorflow()
  const architecture = { layout, features: 42, lstmUnits: [8], denseUnits: 8, dropout: 0, classes: 7 }
  // Training speakers of whom nobody of these is one.
  const vectors = Float32Array.from({ length: 12 * 42 }, (_, at) => Math.sin(at) + (at % 42))
  const known = { vectors, speakers: new Uint32Array(12), features: 42, speaker: true }
  const inputs = bySpeaker ? { normalisation: fitNormalisation(known) } : {}
  const model = buildModel(tf, { ...architecture, seed: 3, ...inputs })
  const spec = featureSpecSchema.parse({ nMels: 30, nMfcc: 10, pooling: layout === 'frames' ? 'frames' : 'mean' })
  const features = { spec, extractor: EXTRACTOR_VERSION, groups: ['mel', 'mfcc', 'zcr', 'rms'] as const, ...changes }
  const bytes = saveModel(model, { labels: [...EMOTIONS], features: { ...features, groups: [...features.groups] } })
  model.dispose()
  return bytes
}

test.each(['one-step', 'frames'] as const)(
  'what a model of the layout %s hears of a recording does not depend on which others are heard with it',
  async (layout) => {
    const model = await saveUntrained(layout)
    const resources = { voices: recordings }
    const listener = await createListener({ kind: 'order', model, conditions, seed: 1, resources })
    expect(listener.labels).toEqual(EMOTIONS)
    const together = await listener.hear({ recordings })
    expect(together).toHaveLength(conditions.length * recordings.length)
    for (const [index, recording] of recordings.entries()) {
      const alone = await listener.hear({ recordings: [recording] })
      expect([...alone]).toEqual(conditions.map((_, condition) => together[condition * recordings.length + index]))
    }
  },
)

test('refuses a model of features that this code does not compute, and what cannot be mixed in', async () => {
  const other = await saveUntrained('one-step', { extractor: 'another' })
  const order = { kind: 'order' as const, conditions, seed: 1 }
  await expect(createListener({ ...order, model: other, resources: {} })).rejects.toMatchObject({
    code: 'EXTRACTOR_MISMATCH',
  })
  const resources = { voices: [{ sha256: 'b'.repeat(64), bytes: Buffer.from('text') }] }
  await expect(createListener({ ...order, model: await saveUntrained('one-step'), resources })).rejects.toMatchObject({
    code: 'RESOURCE_UNUSABLE',
    kind: 'bad-input',
  })
})

test.each(['one-step', 'frames'] as const)(
  'a model of the layout %s that normalises by speaker hears each condition by the recordings of the task under it, in any order',
  async (layout) => {
    const model = await saveUntrained(layout, { bySpeaker: true })
    const resources = { voices: recordings }
    const listener = await createListener({ kind: 'order', model, conditions, seed: 1, resources })
    const together = await listener.hear({ recordings })
    const reversed = await listener.hear({ recordings: recordings.toReversed() })
    const count = recordings.length
    expect([...reversed]).toEqual(
      conditions.flatMap((_, condition) =>
        [...together.subarray(condition * count, (condition + 1) * count)].toReversed(),
      ),
    )
    const alone = await listener.hear({ recordings: [recordings[1]] })
    expect(alone).toHaveLength(conditions.length)
    expect([...alone]).not.toEqual(conditions.map((_, condition) => together[condition * count + 1]))
  },
)
