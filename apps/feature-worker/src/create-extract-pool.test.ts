import { Readable } from 'node:stream'
import type { Worker } from 'node:worker_threads'
import { encodeWav, loadWaveform } from '@ser/audio'
import { featureSpecSchema } from '@ser/contracts'
import { extractFeatures } from '@ser/features'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FeatureValues } from './compute-vector.ts'
import { createExtractPool, type ExtractPool } from './create-extract-pool.ts'

const sampleRate = 44_100
const spec = featureSpecSchema.parse({})
let pool: ExtractPool

beforeAll(() => {
  pool = createExtractPool({ threads: 1, maxSeconds: 600 })
})

afterAll(() => pool.close())

/** The bytes of a recording as a socket would give them, made when they are asked for. */
function longRecording(seconds: number, channels: number) {
  const second = Float32Array.from({ length: sampleRate }, (_, index) => 0.4 * Math.sin(index / 9))
  const one = encodeWav({ samples: Array.from({ length: channels }, () => second), sampleRate })
  const header = Buffer.from(one.subarray(0, 44))
  const samples = Buffer.from(one.subarray(44))
  header.writeUInt32LE(seconds * samples.length, 40)
  let given = 0
  const stream = Readable.from(
    (function* () {
      yield header
      for (let index = 0; index < seconds; index += 1) {
        given += samples.length
        yield samples
      }
    })(),
    { objectMode: false, highWaterMark: 65_536 },
  )
  return { stream, fileBytes: 44 + seconds * samples.length, given: () => given, one }
}

test('a recording of minutes passes through, and memory does not grow with it', { timeout: 60_000 }, async () => {
  const { stream, fileBytes, one } = longRecording(600, 2)
  await pool.extract(new Uint8Array(one), spec)
  const before = process.memoryUsage().rss
  const values = await pool.extractReceived(() => Promise.resolve(stream), fileBytes, spec)
  // The samples take 101 MiB as they come and 202 MiB as floats; the frames that have to be kept 13 MiB. What is not collected yet of the
  // blocks that went through has come to 110 MiB.
  expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(150)
  const expected = extractFeatures(loadWaveform(one, { sampleRate: spec.sampleRate }).samples, spec)
  expect(values[169]).toBeCloseTo(expected[169], 1)
  expect(values).toHaveLength(170)
  expect(stream.destroyed).toBe(true)
})

test('gives what the whole recording gives, within the rounding of float32', async () => {
  const { one } = longRecording(1, 1)
  const bytes = new Uint8Array(one)
  const received = await pool.extractReceived(() => Promise.resolve(Readable.from([one])), one.length, spec)
  const whole = await pool.extract(bytes, spec)
  for (const [index, value] of received.entries()) expect(value).toBeCloseTo(whole[index], 4)
})

test('one that lasts too long is refused at its beginning, and its stream is given up', async () => {
  const { stream, fileBytes, given } = longRecording(601, 2)
  await expect(pool.extractReceived(() => Promise.resolve(stream), fileBytes, spec)).rejects.toMatchObject({
    code: 'too_long',
    kind: 'bad-input',
  })
  expect(given()).toBeLessThan(2 ** 21)
  expect(stream.destroyed).toBe(true)
})

test('a stream that breaks is the reason given, and the thread goes on with the next recording', async () => {
  const { one } = longRecording(1, 1)
  const lost = new Error('connection reset')
  const broken = () =>
    Readable.from(
      (function* () {
        yield one.subarray(0, 40_000)
        throw lost
      })(),
    )
  await expect(pool.extractReceived(() => Promise.resolve(broken()), one.length, spec)).rejects.toBe(lost)
  await expect(pool.extractReceived(() => Promise.reject(lost), one.length, spec)).rejects.toBe(lost)
  expect(await pool.extract(new Uint8Array(one), spec)).toHaveLength(170)
})

test('recordings that wait share a turn, and one that cannot be used fails alone', async () => {
  const { one } = longRecording(1, 1)
  const frames = featureSpecSchema.parse({ pooling: 'frames' })
  const waiting = Array.from({ length: 40 }, (_, index) =>
    index === 7
      ? pool.extract(new Uint8Array(1000), spec)
      : pool.extract(new Uint8Array(one), index % 2 === 0 ? spec : frames),
  )
  const settled = await Promise.allSettled(waiting)
  expect(settled[7]).toMatchObject({ status: 'rejected', reason: { code: 'not_audio', kind: 'bad-input' } })
  // As it is stored: a header, two numbers a column, two bytes a value.
  const matrixBytes = 20 + 170 * 8 + 44 * 170 * 2
  const lengths = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value.length] : []))
  expect(lengths).toEqual(
    Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 170 : matrixBytes)).toSpliced(7, 1),
  )
})

/** A pool of one thread, and the threads that it has started. */
async function withOwnPool(use: (own: ExtractPool, threads: readonly Worker[]) => Promise<void>): Promise<void> {
  const threads: Worker[] = []
  const remember = (thread: Worker) => threads.push(thread)
  process.on('worker', remember)
  const own = createExtractPool({ threads: 1, maxSeconds: 600 })
  try {
    await use(own, threads)
  } finally {
    process.off('worker', remember)
    await own.close()
  }
}

test(
  'each recording in the turn of a killed thread is told so, and the others have a new thread',
  { timeout: 90_000 },
  () =>
    withOwnPool(async (own, threads) => {
      const { one } = longRecording(1, 1)
      await own.extract(new Uint8Array(one), spec)
      let settled: PromiseSettledResult<FeatureValues>[] = []
      let lost: unknown[] = []
      // A turn takes milliseconds: where the thread was between two of them, nothing was lost, and another is killed.
      while (lost.length === 0) {
        const extracting = Array.from({ length: 25 }, () => own.extract(new Uint8Array(one), spec))
        const settling = Promise.allSettled(extracting)
        await Promise.race(extracting)
        await threads.at(-1)?.terminate()
        settled = await settling
        lost = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []))
      }
      // No more than a turn.
      expect(lost.length).toBeLessThanOrEqual(8)
      for (const reason of lost) expect(reason).toMatchObject({ code: 'EXTRACTION_CRASHED', kind: 'transient' })
      for (const each of settled) if (each.status === 'fulfilled') expect(each.value).toHaveLength(170)
      expect(threads.length).toBeGreaterThan(1)
      expect(await own.extract(new Uint8Array(one), spec)).toHaveLength(170)
    }),
)

test('a thread that is killed while a stream passes through gives up the stream', { timeout: 60_000 }, () =>
  withOwnPool(async (own, threads) => {
    const { stream, fileBytes } = longRecording(600, 2)
    const extracting = own.extractReceived(() => Promise.resolve(stream), fileBytes, spec)
    stream.once('data', () => void threads[0].terminate())
    await expect(extracting).rejects.toMatchObject({ code: 'EXTRACTION_CRASHED', kind: 'transient' })
    expect(stream.destroyed).toBe(true)
  }),
)

test('tells what its threads hold outside of their heaps', async () => {
  await pool.extract(new Uint8Array(longRecording(1, 1).one), spec)
  const [bytes, ...others] = pool.threadMemory().values()
  expect(others).toEqual([])
  // The kernels alone have 256 KiB each.
  expect(bytes).toBeGreaterThan(2 ** 19)
})
