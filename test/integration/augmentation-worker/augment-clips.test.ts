import { augmentRequestSchema, SerError, type AugmentJob } from '@ser/contracts'
import { audioKey } from '@ser/object-storage'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { enqueueVariants } from '../../../apps/admin-api/src/enqueue-variants.ts'
import { requestAugmentation } from '../../../apps/admin-api/src/request-augmentation.ts'
import { augmentClips, type AugmentDeps } from '../../../apps/augmentation-worker/src/augment-clips.ts'
import { addRecordings, hashOf, openLab, synthesise, type Lab } from './open-lab.ts'

let lab: Lab
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())

const first = { lastAttempt: false }
const last = { lastAttempt: true }

/** A stand-in for threads: what each variant is made of is its seed. */
const writeSeed: AugmentDeps['makeVariant'] = ({ seed }) => wrap(Buffer.from(seed))

function wrap(bytes: Uint8Array): ReturnType<AugmentDeps['makeVariant']> {
  const made = { bytes, sha256: hashOf(bytes), encoding: 'pcm_s16' as const, sampleRate: 24_414, frames: 1 }
  return Promise.resolve({ ...made, applied: [], outputGainDb: 0 })
}

const noResources: AugmentDeps['loadResources'] = () => Promise.resolve({})

function depsWith(changes: Partial<AugmentDeps> = {}): AugmentDeps {
  const { db, storage, queues } = lab
  const versions = { transforms: '1', extractorVersion: () => 'x' }
  return {
    db,
    storage,
    queues,
    makeVariant: writeSeed,
    loadResources: noResources,
    ...versions,
    clipsAtOnce: 1,
    ...changes,
  }
}

async function ask(dataset: string, from: number) {
  const parents = await addRecordings(
    lab,
    dataset,
    [0, 1, 2].map((number) => synthesise(from + number)),
  )
  const { id } = await lab.augment({ dataset, recipe: 'paper-noise', copies: 2 })
  return { id, job: { augmentationId: id, parents: [...parents].sort() } }
}

test('stores what could be made and retries just the rest', async () => {
  const { id, job } = await ask('rest', 1000)
  let calls = 0
  const deps = depsWith()
  const flaky: AugmentDeps = {
    ...deps,
    makeVariant: (task) => {
      calls += 1
      return calls === 3
        ? Promise.reject(new SerError('AUGMENTATION_CRASHED', 'out of memory', { kind: 'transient' }))
        : deps.makeVariant(task)
    },
  }
  await expect(augmentClips(job, flaky, first)).rejects.toMatchObject({
    code: 'CLIPS_UNFINISHED',
    message: '1 of 3 clips could not be done for now: out of memory',
  })
  expect(await lab.countsOf(id)).toEqual({ status: 'running', total: 6, done: 4, failed: 0 })
  expect(await augmentClips(job, flaky, first)).toEqual({ made: 2, failed: 0, skipped: 2 })
  expect(await lab.countsOf(id)).toEqual({ status: 'completed', total: 6, done: 6, failed: 0 })
  expect(calls).toBe(7)
  // Twice is once, also for the counts.
  expect(await augmentClips(job, flaky, first)).toEqual({ made: 0, failed: 0, skipped: 3 })
  expect(await lab.countsOf(id)).toMatchObject({ done: 6, failed: 0 })
})

test('an object that stays away is the fault of its clip at the last attempt only', async () => {
  const { id, job } = await ask('faults', 1010)
  await lab.storage.remove(audioKey(job.parents[1]))
  await expect(augmentClips(job, depsWith(), first)).rejects.toMatchObject({ code: 'CLIPS_UNFINISHED' })
  expect(await lab.countsOf(id)).toMatchObject({ done: 4, failed: 0 })
  expect(await augmentClips(job, depsWith(), last)).toEqual({ made: 0, failed: 1, skipped: 2 })
  expect(await lab.countsOf(id)).toEqual({ status: 'completed', total: 6, done: 4, failed: 2 })
})

test('an outage of the storage is never written down as the fault of a clip', async () => {
  const { id, job } = await ask('outage', 1020)
  const away = new SerError('STORAGE_UNAVAILABLE', 'connection refused', { kind: 'transient' })
  const storage = { get: () => Promise.reject(away), putIfAbsent: () => Promise.reject(away) }
  await expect(augmentClips(job, depsWith({ storage }), last)).rejects.toMatchObject({ code: 'CLIPS_UNFINISHED' })
  expect(await lab.countsOf(id)).toMatchObject({ done: 0, failed: 0 })
})

test('a copy that comes out as the recording itself is that clip, and is counted', async () => {
  const { id, job } = await ask('untouched', 1030)
  const untouched = depsWith({ makeVariant: ({ bytes }) => wrap(bytes) })
  expect(await augmentClips(job, untouched, first)).toEqual({ made: 6, failed: 0, skipped: 0 })
  expect(await lab.countsOf(id)).toMatchObject({ status: 'completed', done: 6 })
  const { rows } = await lab.db.query(
    'select from clip_variants where sha256 = parent and root = parent and parent = any($1::bytea[])',
    [job.parents.map((sha256) => Buffer.from(sha256, 'hex'))],
  )
  expect(rows).toHaveLength(6)
})

test('a recording that leaves the dataset while its jobs are enqueued is no longer waited for', async () => {
  const parents = await addRecordings(
    lab,
    'leaving',
    [1050, 1051, 1052].map((number) => synthesise(number)),
  )
  const enqueued: string[] = []
  const queues = {
    // Pages of one path: when the first is enqueued, the others have not been looked at.
    enqueueAugment: async (jobs: readonly AugmentJob[]) => {
      await lab.db.query("delete from dataset_clips where path = 'leaving/2.wav'")
      enqueued.push(...jobs.flatMap((job) => job.parents))
      return { added: jobs.length, retried: 0, present: 0 }
    },
  }
  const request = augmentRequestSchema.parse({ dataset: 'leaving', recipe: 'paper-noise', copies: 2 })
  const { id } = await requestAugmentation({ db: lab.db, queues, pageSize: 1 }, request)
  expect(enqueued).toEqual(parents.slice(0, 2))
  expect(await lab.countsOf(id)).toEqual({ status: 'queued', total: 4, done: 0, failed: 0 })
  await augmentClips({ augmentationId: id, parents: [parents[0]] }, depsWith(), first)
  expect(await lab.countsOf(id)).toEqual({ status: 'running', total: 4, done: 2, failed: 0 })
  // What leaves later is waited for until somebody looks; then the rest completes it.
  await lab.db.query("delete from dataset_clips where path = 'leaving/1.wav'")
  await enqueueVariants({ db: lab.db, queues }, id)
  expect(await lab.countsOf(id)).toEqual({ status: 'completed', total: 2, done: 2, failed: 0 })
})

test('a recording whose registration was committed late is counted when it is found', async () => {
  await addRecordings(lab, 'late', [synthesise(1060)])
  const { id } = await lab.augment({ dataset: 'late', recipe: 'paper-noise' })
  await addRecordings(lab, 'late-too', [synthesise(1061)])
  // As if its transaction had begun before the augmentation's.
  await lab.db.query(
    `insert into dataset_clips (dataset_id, path, sha256, label, speaker, created_at)
     select d.id, 'late/other.wav', dc.sha256, dc.label, dc.speaker, now() - interval '1 hour'
     from datasets d, dataset_clips dc where d.name = 'late' and dc.path = 'late-too/0.wav'`,
  )
  await enqueueVariants({ db: lab.db, queues: lab.queues }, id)
  expect(await lab.countsOf(id)).toEqual({ status: 'queued', total: 2, done: 0, failed: 0 })
})

test('ends quietly when the augmentation is gone, and leaves one of other transforms to the right worker', async () => {
  const { job } = await ask('versions', 1040)
  const gone = { ...job, augmentationId: '00000000-0000-4000-8000-000000000000' }
  await expect(augmentClips(gone, depsWith(), first)).rejects.toMatchObject({ code: 'AUGMENTATION_GONE', kind: 'gone' })
  await expect(augmentClips(job, depsWith({ transforms: '2' }), first)).rejects.toMatchObject({
    code: 'TRANSFORMS_MISMATCH',
    kind: 'transient',
  })
})
