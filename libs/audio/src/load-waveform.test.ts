import { describe, expect, it } from 'vitest'
import { encodeWav } from './encode-wav.ts'
import { createAsyncWaveformLoader, createWaveformLoader, createWaveformReader, loadWaveform } from './load-waveform.ts'
import { mixDown } from './mix-down.ts'
import { resample } from './resample.ts'

const left = Float32Array.from({ length: 4000 }, (_, n) => Math.fround(Math.sin(n / 9) / 2))
const right = Float32Array.from({ length: 4000 }, (_, n) => Math.fround(Math.cos(n / 31) / 2))

describe('loadWaveform', () => {
  it('takes the mean of the channels, then resamples', () => {
    const bytes = encodeWav({ samples: [left, right], sampleRate: 16_000 }, 'float32')
    const mono = left.map((sample, n) => Math.fround(sample + right[n]) / 2)
    expect(loadWaveform(bytes)).toEqual({ samples: resample(mono, 16_000, 22_050), sampleRate: 22_050 })
    expect(loadWaveform(bytes, { sampleRate: 16_000 })).toEqual({ samples: mono, sampleRate: 16_000 })
  })

  it('refuses what lasts too long before it decodes it', () => {
    const bytes = encodeWav({ samples: left, sampleRate: 8000 })
    expect(() => loadWaveform(bytes, { maxSeconds: 0.49 })).toThrow(expect.objectContaining({ code: 'too_long' }))
    expect(loadWaveform(bytes, { maxSeconds: 0.5 }).samples.length).toBe(11_025)
  })
})

describe('createWaveformLoader', () => {
  it('gives the same for every rate, however many it met', () => {
    const load = createWaveformLoader({ sampleRate: 16_000 })
    const rates = [8000, 11_025, 12_000, 16_000, 22_050, 24_000, 24_414, 32_000, 44_100, 48_000]
    for (const sampleRate of [...rates, ...rates]) {
      const bytes = encodeWav({ samples: left, sampleRate }, 'float32')
      expect(load(bytes).samples).toEqual(resample(left, sampleRate, 16_000))
    }
  })
})

const recordings = [8000, 16_000, 22_050].flatMap((sampleRate) => [
  encodeWav({ samples: left, sampleRate }, 'float32'),
  encodeWav({ samples: right.subarray(0, 700), sampleRate }),
  encodeWav({ samples: [right, left], sampleRate }),
])

describe('loaders', () => {
  it('give samples that no later recording overwrites, at any rate and even at once', async () => {
    const expected = recordings.map((bytes) => loadWaveform(bytes))
    const load = createWaveformLoader()
    expect(recordings.map(load)).toEqual(expected)
    expect(await Promise.all(recordings.map(createAsyncWaveformLoader()))).toEqual(expected)
  })
})

describe('createWaveformReader', () => {
  it('gives what a loader gives, from memory that it uses again', async () => {
    const read = createWaveformReader()
    const seen = await Promise.all(
      recordings.map((bytes) => read(bytes, ({ samples }) => ({ copy: samples.slice(), memory: samples.buffer }))),
    )
    expect(seen.map(({ copy }) => copy)).toEqual(recordings.map((bytes) => loadWaveform(bytes).samples))
    expect(new Set(seen.map(({ memory }) => memory)).size).toBeLessThan(recordings.length / 2)
  })

  it('rejects with what the samples’ user throws, and reads on', async () => {
    const read = createWaveformReader()
    const refusal = new RangeError('no')
    const refused = read(recordings[0], () => {
      throw refusal
    })
    await expect(refused).rejects.toBe(refusal)
    expect(await read(recordings[0], ({ samples }) => samples.length)).toBe(Math.ceil((4000 * 22_050) / 8000))
  })
})

describe('mixDown', () => {
  it('is the mean of any number of channels and leaves them as they are', () => {
    const channelData = [Float32Array.of(1, 0.5), Float32Array.of(0, 0.25), Float32Array.of(-1, 0)]
    expect(Array.from(mixDown({ channelData }))).toEqual([0, 0.25])
    expect(Array.from(channelData[0])).toEqual([1, 0.5])
    expect(() => mixDown({ channelData: [] })).toThrow(RangeError)
  })
})
