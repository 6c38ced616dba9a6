import { getModelVersion } from '@ser/database'
import { disposeMembers, loadMembers, loadTensorflow } from '@ser/model'
import type { Epoch, Run, RunSpecInput } from '@ser/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addDataset, openTrainer, smallSpec } from './open-trainer.ts'

const figures = ({ epochs }: Run): Omit<Epoch, 'seconds'>[] => epochs.map(({ seconds: _seconds, ...rest }) => rest)

const spec = (changes: Partial<RunSpecInput> = {}) =>
  smallSpec({
    model: 'several',
    normalisation: 'speaker',
    sampling: { balance: ['class', 'dataset'], stepsPerEpoch: 6 },
    members: [
      { networks: 2, weight: 2, mixup: 0.2, inputDropout: 0.1, noise: 0.1, epochs: 6 },
      { features: ['mel', 'rms'], layout: 'steps', epochs: 3 },
    ],
    ...changes,
  })

describe('a run of several networks', () => {
  let trainers: Awaited<ReturnType<typeof openTrainer>>

  beforeAll(async () => {
    trainers = await openTrainer()
    await addDataset(trainers.db, 'synthetic', { clips: 280 })
    await trainers.start()
  })
  afterAll(() => trainers?.close())

  const train = async () => trainers.ended(await trainers.enqueue(spec()))

  it('is one model, trained one network after the other, with the same numbers twice', async () => {
    const [first, second] = [await train(), await train()]
    expect(first).toMatchObject({ status: 'completed', error: null, snapshot: { train: 210, test: 70 } })
    expect(first.epochs.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 15 }, (_, index) => index + 1))
    expect(first.evaluation!.accuracy).toBeGreaterThan(0.9)
    expect(figures(second)).toEqual(figures(first))
    expect(second.evaluation).toEqual(first.evaluation)

    const { artefact } = await getModelVersion(trainers.db, first.version!)
    const { tf } = await loadTensorflow()
    const ensemble = loadMembers(tf, await trainers.storage.get(artefact.key))
    expect(ensemble.members.map(({ weight, features: { groups } }) => [weight, groups.length])).toEqual([
      [1, 4],
      [1, 4],
      [1, 2],
    ])
    disposeMembers(ensemble)
    expect((await getModelVersion(trainers.db, second.version!)).artefact).toEqual(artefact)
  })

  it('that cannot be normalised by speaker says why', async () => {
    const lone = spec({ split: { by: 'clip', test: 278 } })
    const run = await trainers.ended(await trainers.enqueue(lone))
    expect(run).toMatchObject({ status: 'failed', error: { code: 'SPEAKERS_UNKNOWN' } })
  })
})
