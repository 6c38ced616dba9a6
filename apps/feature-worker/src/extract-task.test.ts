import { encodeWav, loadWaveform } from '@ser/audio'
import { featureSpecSchema } from '@ser/contracts'
import { decodeMatrix, defaultFeatureSpec, extractFeatures, extractFrames, readMatrixShape } from '@ser/features'
import { expect, test } from 'vitest'
import { createExtractTask } from './extract-task.ts'

const samples = Float32Array.from({ length: 24_414 }, (_, index) => 0.5 * Math.sin(index / 7))
const recording = encodeWav({ samples: [samples], sampleRate: 24_414 })
const maxSeconds = 7200
const mean = featureSpecSchema.parse({})
const frames = { ...defaultFeatureSpec, pooling: 'frames' } as const

test('gives the features of the resampled recording, spec by spec', async () => {
  const extract = createExtractTask()
  const waveform = loadWaveform(recording, { sampleRate: 22_050 }).samples
  for (const spec of [mean, featureSpecSchema.parse({ nMfcc: 13 }), mean])
    expect(await extract({ recordings: [{ bytes: recording }], spec, maxSeconds })).toMatchObject({
      results: [{ values: extractFeatures(waveform, spec) }],
    })
})

test('keeps every frame in a row of its own when nothing is pooled, as it is stored', async () => {
  const { results } = await createExtractTask()({ recordings: [{ bytes: recording }], spec: frames, maxSeconds })
  const stored =
    'values' in results[0] && results[0].values instanceof Uint8Array ? results[0].values : new Uint8Array()
  const matrix = extractFrames(loadWaveform(recording, { sampleRate: 22_050 }).samples, frames)
  expect(readMatrixShape(stored)).toEqual({ frames: matrix.frameCount, columns: 170, power: [0, 128] })
  const row = decodeMatrix(stored).subarray(7 * 170, 8 * 170)
  for (const band of [0, 64, 127]) expect(row[band] / matrix.mel[7 * 128 + band]).toBeCloseTo(1, 3)
  for (const coefficient of [0, 20, 39])
    expect(row[128 + coefficient]).toBeCloseTo(matrix.mfcc[7 * 40 + coefficient], 1)
  expect([...row.subarray(168)]).toEqual([expect.closeTo(matrix.zcr[7], 4), expect.closeTo(matrix.rms[7], 4)])
})

test('says why a recording cannot be used, as data that survives the way between threads, and goes on with the next', async () => {
  const extract = createExtractTask()
  const recordings = [{ bytes: recording }, { bytes: Buffer.from('not a recording at all') }, { bytes: recording }]
  const report = structuredClone(await extract({ recordings, spec: mean, maxSeconds }))
  expect(report).toMatchObject({ externalBytes: expect.any(Number) })
  const [first, refused, third] = report.results
  expect(refused).toEqual({ refused: { code: 'not_audio', message: expect.any(String) } })
  expect(first).toHaveProperty('values')
  expect(third).toEqual(first)
  const impossible = await extract({ recordings, spec: { ...defaultFeatureSpec, nFft: 1000 }, maxSeconds })
  expect(impossible.results).toMatchObject(recordings.map(() => ({ refused: { code: 'unsupported_spec' } })))
  expect((await extract({ recordings, spec: mean, maxSeconds })).results[0]).toHaveProperty('values')
})

test('a recording whose computation breaks down does so alone', async () => {
  const broken = {
    get bytes(): Uint8Array {
      throw new Error('out of luck')
    },
  }
  const { results } = await createExtractTask()({
    recordings: [broken, { bytes: recording }],
    spec: mean,
    maxSeconds,
  })
  expect(results).toEqual([{ crashed: 'out of luck' }, { values: expect.any(Float32Array) }])
})

const framesOf = (seconds: number) => 1 + Math.floor((seconds * 22_050) / 512)

test('takes long recordings block by block, beyond what is taken as a whole', { timeout: 60_000 }, async () => {
  // Three seconds of sound at the lowest rate, and silence.
  const long = new Float32Array(900 * 8000)
  long.set(samples)
  const { results } = await createExtractTask()({
    recordings: [{ bytes: encodeWav({ samples: [long], sampleRate: 8000 }) }],
    spec: mean,
    maxSeconds,
  })
  const values = 'values' in results[0] ? results[0].values : []
  const head = encodeWav({ samples: [long.subarray(0, 80_000)], sampleRate: 8000 })
  const expected = extractFeatures(loadWaveform(head, { sampleRate: 22_050 }).samples, mean)
  // Means over time of what is silent but for its first ten seconds.
  for (const value of [5, 40, 169]) {
    expect((values[value] * framesOf(900)) / framesOf(10) / expected[value]).toBeCloseTo(1, 5)
  }
})
