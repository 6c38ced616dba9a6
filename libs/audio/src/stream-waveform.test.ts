import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeAudio } from './decode-audio.ts'
import { encodeWav } from './encode-wav.ts'
import { loadWaveform } from './load-waveform.ts'
import { decodeBlocks, streamWaveform } from './stream-waveform.ts'

const long = Float32Array.from({ length: 150_000 }, (_, n) => Math.fround(Math.sin(n / 9) * Math.sin(n / 7000)))
const stereo = encodeWav({ samples: [long, long.map((sample) => sample / 3)], sampleRate: 44_100 }, 'pcm_s24')
const flac = readFileSync(join(import.meta.dirname, '../fixtures/compressed/stereo24.flac'))

function joined(blocks: readonly Float32Array[]): Buffer {
  return Buffer.concat(blocks.map((block) => Buffer.from(block.buffer, block.byteOffset, block.byteLength)))
}

function start(bytes: Uint8Array, maxSeconds = 600): unknown {
  return streamWaveform(bytes, { maxSeconds }).next()
}

describe('a recording in blocks', () => {
  it.each([
    ['WAV', stereo],
    ['FLAC', flac],
  ])('decodes to the whole: %s', (_, bytes) => {
    const blocks = Array.from(decodeBlocks(bytes))
    expect(blocks.length).toBeGreaterThan(1)
    decodeAudio(bytes).channelData.forEach((samples, channel) => {
      expect(joined(blocks.map((block) => block[channel])).equals(joined([samples]))).toBe(true)
    })
  })

  it.each([
    ['WAV', stereo],
    ['FLAC', flac],
  ])('loads to the whole: %s', (_, bytes) => {
    for (const sampleRate of [22_050, 16_000, 44_100]) {
      const whole = loadWaveform(bytes, { sampleRate }).samples
      expect(joined(Array.from(streamWaveform(bytes, { sampleRate }))).equals(joined([whole]))).toBe(true)
    }
  })

  it('is refused for the same reasons', () => {
    expect(() => start(stereo, 1)).toThrow(expect.objectContaining({ code: 'too_long' }))
    expect(() => start(new Uint8Array(9))).toThrow(expect.objectContaining({ code: 'not_audio' }))
    const broken = encodeWav({ samples: long.with(100_000, Number.NaN), sampleRate: 8000 }, 'float32')
    expect(() => Array.from(decodeBlocks(broken))).toThrow(/sample 100000 is NaN/)
    const mp3 = readFileSync(join(import.meta.dirname, '../fixtures/compressed/mono.mp3'))
    expect(() => start(mp3)).toThrow(expect.objectContaining({ code: 'unsupported_encoding' }))
  })
})
