import { getModelVersion } from '@ser/database'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addDataset, childrenOf, openTrainer, smallSpec, untilGone } from './open-trainer.ts'

describe('a trainer that is killed in the middle of a run', () => {
  let trainers: Awaited<ReturnType<typeof openTrainer>>

  beforeAll(async () => {
    trainers = await openTrainer()
    await addDataset(trainers.db, 'synthetic', { clips: 140 })
  })
  afterAll(() => trainers?.close())

  it('takes its training process along, and another trainer begins the run anew', async () => {
    // Long enough to be caught in the middle on a fast machine.
    const spec = smallSpec({ epochs: 50, layout: 'steps' })
    const victim = await trainers.start()
    const id = await trainers.enqueue(spec)
    await trainers.reached(id, 3)
    const [child] = childrenOf(victim.pid)
    await victim.kill()
    await untilGone(child)
    const before = await trainers.reached(id, 3)
    expect(before.status).toBe('running')
    expect(before.epochs.length).toBeLessThan(50)

    const heir = await trainers.start()
    await heir.sees(/took over a job whose worker has vanished/)
    const run = await trainers.ended(id)
    expect(run).toMatchObject({ status: 'completed', version: { model: 'small', version: 1 } })
    expect(run.epochs.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1))

    const undisturbed = await trainers.ended(await trainers.enqueue(spec))
    const [taken, plain] = [
      await getModelVersion(trainers.db, run.version!),
      await getModelVersion(trainers.db, undisturbed.version!),
    ]
    expect(taken.artefact.sha256).toBe(plain.artefact.sha256)
  }, 300_000)
})
