import { type Epoch, type Run } from '@ser/contracts'
import { getModelVersion, requestRunCancel } from '@ser/database'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { addDataset, childrenOf, openTrainer, smallSpec, untilGone } from './open-trainer.ts'

const CHECKPOINTS = { SER_CHECKPOINT_SECONDS: '0' }
const figures = ({ epochs }: Run): Omit<Epoch, 'seconds'>[] => epochs.map(({ seconds: _seconds, ...rest }) => rest)

/** Long enough to be caught in the middle on a fast machine. */
const spec = smallSpec({ epochs: 16, layout: 'steps', lstmUnits: [64, 64], batchSize: 8 })

describe('a run that is cut off', () => {
  let trainers: Awaited<ReturnType<typeof openTrainer>>
  let unbroken: Run

  beforeAll(async () => {
    trainers = await openTrainer()
    await addDataset(trainers.db, 'synthetic', { clips: 140 })
    await trainers.start({ SER_CHECKPOINT_SECONDS: '3600' })
    unbroken = await trainers.ended(await trainers.enqueue(spec))
    expect(unbroken).toMatchObject({ status: 'completed', attempts: 1, resumedFromEpoch: null, restartReason: null })
    await trainers.stopAll()
  })
  afterEach(() => trainers.stopAll())
  afterAll(() => trainers?.close())

  const hashOf = async ({ version }: Run) => (await getModelVersion(trainers.db, version!)).artefact.sha256
  const checkpointsOf = async (id: string) => {
    const keys: string[] = []
    for await (const { key } of trainers.storage.list(`checkpoints/${id}/`)) keys.push(key)
    return keys
  }
  const expectAsUnbroken = async (run: Run) => {
    expect(run).toMatchObject({ status: 'completed', error: null })
    expect(figures(run)).toEqual(figures(unbroken))
    expect(run.evaluation).toEqual(unbroken.evaluation)
    expect(await hashOf(run)).toBe(await hashOf(unbroken))
    // They are removed once the run has ended, and so a moment later.
    await expect.poll(() => checkpointsOf(run.id), { timeout: 20_000 }).toEqual([])
    const rows = async () => {
      const found = await trainers.db.query('select from run_checkpoints where run_id = $1', [run.id])
      return found.rows
    }
    await expect.poll(rows, { timeout: 20_000 }).toEqual([])
  }

  it('because its training process was killed goes on from the checkpoint, to the last digit', async () => {
    const trainer = await trainers.start(CHECKPOINTS)
    const id = await trainers.enqueue(spec)
    for (const epoch of [3, 8]) {
      await trainers.reached(id, epoch)
      const [child] = childrenOf(trainer.pid)
      process.kill(child, 'SIGKILL')
      await untilGone(child)
    }
    const run = await trainers.ended(id)
    expect(run.attempts).toBe(3)
    expect(run.resumedFromEpoch).toBeGreaterThanOrEqual(7)
    expect(run.peakMemoryBytes).toBeGreaterThan(50 * 2 ** 20)
    await expectAsUnbroken(run)
  })

  it('because its whole trainer was killed goes on in another one, to the last digit', async () => {
    const victim = await trainers.start(CHECKPOINTS)
    const id = await trainers.enqueue(spec)
    await trainers.reached(id, 5)
    const [child] = childrenOf(victim.pid)
    await victim.kill()
    await untilGone(child)
    expect(await checkpointsOf(id)).not.toEqual([])

    await trainers.start(CHECKPOINTS)
    const run = await trainers.ended(id)
    expect(run.attempts).toBe(2)
    expect(run.resumedFromEpoch).toBeGreaterThanOrEqual(4)
    await expectAsUnbroken(run)
  })

  it('begins at the first epoch in a trainer of other code, and says why', async () => {
    const victim = await trainers.start(CHECKPOINTS)
    const id = await trainers.enqueue(spec)
    await trainers.reached(id, 3)
    await victim.kill()
    await trainers.start({ SER_CODE_VERSION: 'newer-code' })
    const run = await trainers.ended(id)
    expect(run).toMatchObject({ attempts: 2, resumedFromEpoch: null, codeVersion: 'newer-code' })
    expect(run.restartReason).toMatch(
      /^the checkpoint of epoch \d+ is of code code-under-test, and this trainer is newer/,
    )
    await expectAsUnbroken(run)
  })

  it('begins at the first epoch on another backend, and says why', async () => {
    const short = { ...spec, epochs: 12 }
    const victim = await trainers.start({ ...CHECKPOINTS, SER_BACKEND: 'cpu' })
    const id = await trainers.enqueue(short)
    await trainers.reached(id, 3)
    await victim.kill()
    await trainers.start()
    const run = await trainers.ended(id)
    expect(run).toMatchObject({ status: 'completed', backend: expect.stringMatching(/^tensorflow/), attempts: 2 })
    expect(run.restartReason).toMatch(/was computed by cpu .*, and this is tensorflow/)
  })

  it('and that is then cancelled leaves no checkpoint', async () => {
    const trainer = await trainers.start(CHECKPOINTS)
    const id = await trainers.enqueue(smallSpec({ epochs: 10_000 }))
    await trainers.reached(id, 3)
    await trainer.kill()
    await requestRunCancel(trainers.db, id)
    const heir = await trainers.start(CHECKPOINTS)
    expect(await trainers.ended(id)).toMatchObject({ status: 'cancelled' })
    await expect.poll(() => checkpointsOf(id), { timeout: 20_000 }).toEqual([])
    await heir.stop()
  })

  it('only seemingly, because its trainer stood still, is left to the one that took it over', async () => {
    const still = await trainers.start(CHECKPOINTS)
    const id = await trainers.enqueue(spec)
    await trainers.reached(id, 3)
    const [child] = childrenOf(still.pid)
    process.kill(still.pid, 'SIGSTOP')
    await trainers.start(CHECKPOINTS)
    const run = await trainers.ended(id)
    process.kill(still.pid, 'SIGCONT')
    await untilGone(child)
    expect(run.attempts).toBe(2)
    await expectAsUnbroken(run)
    // What the first one still had to say changed nothing.
    await still.stop()
    expect(await trainers.ended(id)).toEqual(run)
  })

  it('by its death again and again is given up with the reason, and its memory', async () => {
    const trainer = await trainers.start({ SER_CHECKPOINT_SECONDS: '3600' })
    const id = await trainers.enqueue(smallSpec({ epochs: 10_000 }))
    const killed = new Set<number>()
    while (killed.size < 3) {
      await trainers.reached(id, 1)
      const child = childrenOf(trainer.pid).find((pid) => !killed.has(pid))
      if (child === undefined) continue
      killed.add(child)
      process.kill(child, 'SIGKILL')
      await untilGone(child)
    }
    const run = await trainers.ended(id)
    expect(run).toMatchObject({
      status: 'failed',
      attempts: 3,
      error: { code: 'TRAINING_PROCESS_DIED' },
      resumedFromEpoch: null,
      restartReason: 'no checkpoint had been written',
      version: null,
    })
    expect(run.error?.message).toMatch(/SIGKILL.*given up after 3 attempts in a row that got no further/)
    expect(run.peakMemoryBytes).toBeGreaterThan(0)
  })
})
