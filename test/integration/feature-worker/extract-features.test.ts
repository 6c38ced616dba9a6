import { SerError } from '@ser/contracts'
import { extractorVersion } from '@ser/features'
import { audioKey } from '@ser/object-storage'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { extractFeatures, type ExtractDeps } from '../../../apps/feature-worker/src/extract-features.ts'
import { createTestBucket, type TestBucket } from '../../support/index.ts'
import { addRecordings, openBench, progressOf, synthesise, vectorsOf, type Bench } from './open-bench.ts'

let bucket: TestBucket
let bench: Bench

beforeAll(async () => {
  bucket = await createTestBucket()
  bench = await openBench(bucket)
})

afterAll(async () => {
  await bench.close()
  await bucket.drop()
})

const vector = new Float32Array(170).fill(0.5)

const computeNothing = () => Promise.resolve(vector)

function depsWith(changes: Partial<ExtractDeps> = {}): ExtractDeps {
  return {
    db: bench.db,
    storage: bench.storage,
    extract: computeNothing,
    extractReceived: computeNothing,
    extractorVersion,
    clipsAtOnce: 4,
    ...changes,
  }
}

const first = { lastAttempt: false }
const last = { lastAttempt: true }

/** Recordings that no other test has: a dataset of three. */
async function addThree(dataset: string, from: number) {
  const recordings = [from, from + 1, from + 2].map(synthesise)
  const featureSet = await addRecordings(bench, dataset, recordings)
  return { featureSet, job: { featureSetId: featureSet.id, clips: recordings.map(({ sha256 }) => sha256) } }
}

test('does what is owed and nothing else, and a second run does nothing', async () => {
  const { job, featureSet } = await addThree('owed', 1000)
  const vanished = '0'.repeat(64)
  const withVanished = { ...job, clips: [...job.clips, vanished] }
  expect(await extractFeatures(withVanished, depsWith(), first)).toEqual({ vectors: 3, failed: 0, skipped: 1 })
  const untouched = depsWith({ extract: () => Promise.reject(new Error('nothing is to be computed')) })
  expect(await extractFeatures(job, untouched, first)).toEqual({ vectors: 0, failed: 0, skipped: 3 })
  expect((await vectorsOf(bench, 'owed', featureSet.rowId)).size).toBe(3)
})

test('stores what it could do before it asks for a retry, which does just the rest', async () => {
  const { job, featureSet } = await addThree('rest', 1010)
  let calls = 0
  const flaky = depsWith({
    extract: () => {
      calls += 1
      return calls === 2
        ? Promise.reject(new SerError('LOST', 'no answer', { kind: 'transient' }))
        : Promise.resolve(vector)
    },
  })
  await expect(extractFeatures(job, flaky, first)).rejects.toMatchObject({
    code: 'CLIPS_UNFINISHED',
    kind: 'transient',
    message: '1 of 3 clips could not be done for now: no answer',
  })
  expect(await progressOf(bench, 'rest', featureSet.id)).toEqual({ clips: 3, vectors: 2, failed: 0 })
  expect(await extractFeatures(job, flaky, first)).toEqual({ vectors: 1, failed: 0, skipped: 2 })
  expect(calls).toBe(4)
})

test('records bad input with its reason, and an object that stays away only at the last attempt', async () => {
  const { job, featureSet } = await addThree('faults', 1020)
  await bench.storage.remove(audioKey(job.clips[0]))
  let calls = 0
  const deps = depsWith({
    extract: () => {
      calls += 1
      return calls === 1
        ? Promise.reject(new SerError('empty', 'no samples', { kind: 'bad-input' }))
        : Promise.resolve(vector)
    },
  })
  await expect(extractFeatures(job, deps, first)).rejects.toMatchObject({ code: 'CLIPS_UNFINISHED' })
  expect(await progressOf(bench, 'faults', featureSet.id)).toEqual({ clips: 3, vectors: 1, failed: 1 })
  expect(await extractFeatures(job, deps, last)).toMatchObject({ failed: 1 })
  const { rows } = await bench.db.query<{ code: string; message: string }>(
    'select code, message from feature_failures where sha256 = any($1::bytea[]) order by code',
    [job.clips.map((sha256) => Buffer.from(sha256, 'hex'))],
  )
  expect(rows.map(({ code }) => code).toSorted()).toEqual(['OBJECT_GONE', 'empty'])
  expect(rows.find(({ code }) => code === 'empty')).toMatchObject({ message: 'no samples' })
})

test('at the last attempt every recording is computed alone, so that a breakdown is the fault of one', async () => {
  const { job } = await addThree('alone', 1070)
  const alone: unknown[] = []
  const deps = depsWith({
    extract: (_bytes, _spec, options) => {
      alone.push(options?.alone)
      return alone.length <= 3
        ? Promise.reject(new SerError('EXTRACTION_CRASHED', 'out of memory', { kind: 'transient' }))
        : Promise.resolve(vector)
    },
  })
  await expect(extractFeatures(job, deps, first)).rejects.toMatchObject({ code: 'CLIPS_UNFINISHED' })
  expect(await extractFeatures(job, deps, last)).toMatchObject({ vectors: 3 })
  expect(alone).toEqual([false, false, false, true, true, true])
})

test('an outage of the storage is never written down as the fault of a clip', async () => {
  const { job, featureSet } = await addThree('outage', 1030)
  const away = new SerError('STORAGE_UNAVAILABLE', 'connection refused', { kind: 'transient' })
  const deps = depsWith({ storage: { get: () => Promise.reject(away), getStream: () => Promise.reject(away) } })
  await expect(extractFeatures(job, deps, last)).rejects.toMatchObject({ code: 'CLIPS_UNFINISHED', cause: away })
  expect(await progressOf(bench, 'outage', featureSet.id)).toEqual({ clips: 3, vectors: 0, failed: 0 })
})

test('refuses a feature set of another extractor, and lets a retry find the right worker', async () => {
  const { job } = await addThree('version', 1040)
  await expect(extractFeatures(job, depsWith({ extractorVersion: () => 'another-2' }), first)).rejects.toMatchObject({
    code: 'EXTRACTOR_MISMATCH',
    kind: 'transient',
    message: expect.stringMatching(/librosa.*another-2/),
  })
})

test('ends quietly when the feature set is gone, and for good when its spec cannot be computed', async () => {
  const { job } = await addThree('gone', 1050)
  const unknown = { ...job, featureSetId: 'e'.repeat(64) }
  await expect(extractFeatures(unknown, depsWith(), first)).rejects.toMatchObject({
    code: 'FEATURE_SET_GONE',
    kind: 'gone',
  })
  const impossible = new SerError('unsupported_spec', 'nFft must be a power of two', { kind: 'bad-input' })
  await expect(
    extractFeatures(job, depsWith({ extract: () => Promise.reject(impossible) }), first),
  ).rejects.toMatchObject({ code: 'FEATURE_SPEC_UNSUPPORTED', kind: 'bad-input' })
  const { rows } = await bench.db.query("select from feature_failures where code = 'unsupported_spec'")
  expect(rows).toEqual([])
})

test('opens a recording too long to be held only when it is wanted, and hands over its length', async () => {
  const { job, featureSet } = await addThree('long', 1060)
  const bytes = 20 * 2 ** 20
  await bench.db.query('update clips set bytes = $1 where sha256 = $2', [bytes, Buffer.from(job.clips[0], 'hex')])
  const received: number[] = []
  const deps = depsWith({
    extractReceived: async (open, length) => {
      received.push(length)
      const stream = await open()
      stream.destroy()
      return vector
    },
  })
  expect(await extractFeatures(job, deps, first)).toMatchObject({ vectors: 3 })
  expect(received).toEqual([bytes])
  expect(await progressOf(bench, 'long', featureSet.id)).toEqual({ clips: 3, vectors: 3, failed: 0 })
})
