import { encodeWav, loadWaveform } from '@ser/audio'
import { featureSpecSchema } from '@ser/contracts'
import { extractFeatures, extractFrames } from '@ser/features'
import { expect, test } from 'vitest'
import { createExtractTask } from './extract-task.ts'

const samples = Float32Array.from({ length: 24_414 }, (_, index) => 0.5 * Math.sin(index / 7))
const recording = encodeWav({ samples: [samples], sampleRate: 24_414 })
const mean = featureSpecSchema.parse({})
const frames = featureSpecSchema.parse({ pooling: 'frames' })

test('gives the features of the resampled recording, spec by spec', async () => {
  const extract = createExtractTask()
  const waveform = loadWaveform(recording, { sampleRate: 22_050 }).samples
  for (const spec of [mean, featureSpecSchema.parse({ nMfcc: 13 }), mean])
    expect(await extract({ bytes: recording, spec })).toEqual({ values: extractFeatures(waveform, spec) })
})

test('keeps every frame in a row of its own when nothing is pooled', async () => {
  const result = await createExtractTask()({ bytes: recording, spec: frames })
  const values = 'values' in result ? result.values : new Float32Array()
  const matrix = extractFrames(loadWaveform(recording, { sampleRate: 22_050 }).samples, frames)
  expect(values).toHaveLength(matrix.frameCount * 170)
  const row = values.subarray(7 * 170, 8 * 170)
  expect(row.subarray(0, 128)).toEqual(matrix.mel.subarray(7 * 128, 8 * 128))
  expect(row.subarray(128, 168)).toEqual(matrix.mfcc.subarray(7 * 40, 8 * 40))
  expect([...row.subarray(168)]).toEqual([matrix.zcr[7], matrix.rms[7]])
})

test('says why a recording cannot be used, as data that survives the way between threads', async () => {
  const extract = createExtractTask()
  const refusal = structuredClone(await extract({ bytes: Buffer.from('not a recording at all'), spec: mean }))
  expect(refusal).toEqual({ refused: { code: 'not_audio', message: expect.any(String) } })
  const impossible = await extract({ bytes: recording, spec: { ...mean, nFft: 1000 } })
  expect(impossible).toMatchObject({ refused: { code: 'unsupported_spec' } })
  expect(await extract({ bytes: recording, spec: mean })).toHaveProperty('values')
})
