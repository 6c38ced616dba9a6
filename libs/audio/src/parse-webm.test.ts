import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeAudioAsync } from './decode-audio.ts'
import { createAsyncWaveformLoader } from './load-waveform.ts'
import { probeAudio } from './probe-audio.ts'
import { streamWaveformAsync } from './stream-waveform.ts'

// A second of a tone of 440 Hz, recorded by MediaRecorder in Chromium 140: at once, and in slices of 100 ms (stereo).
function read(name: string): Uint8Array {
  return readFileSync(join(import.meta.dirname, '../fixtures/compressed', name))
}

describe('what a browser records', () => {
  it.each([
    ['mono.webm', [0.25]],
    ['stereo.webm', [0.25, 0.125]],
  ])('is decoded: %s', async (name, amplitudes) => {
    const bytes = read(name)
    expect(probeAudio(bytes)).toEqual({
      container: 'webm',
      encoding: 'opus',
      sampleRate: 48_000,
      channels: amplitudes.length,
      frames: 46_080,
    })
    const { channelData, frames } = await decodeAudioAsync(bytes)
    expect(frames).toBe(46_080)
    for (const [channel, amplitude] of amplitudes.entries()) {
      const middle = channelData[channel].subarray(9600, 38_400)
      const rms = Math.sqrt(middle.reduce((sum, value) => sum + value * value, 0) / middle.length)
      // A lossy codec keeps the level of a tone to a few percent.
      expect(rms / (amplitude * Math.SQRT1_2)).toBeCloseTo(1, 1)
      let crossings = 0
      for (let i = 1; i < middle.length; i++) if (middle[i] >= 0 !== middle[i - 1] >= 0) crossings++
      expect((crossings / 2) * (48_000 / middle.length)).toBeCloseTo(440, -1)
    }
  })

  it('keeps its whole packets when its end is missing', async () => {
    const bytes = read('mono.webm')
    const cut = bytes.subarray(0, bytes.length - 2000)
    const { frames } = await decodeAudioAsync(cut)
    expect(frames).toBeGreaterThan(10_000)
    expect(frames).toBeLessThan(46_080)
    expect(probeAudio(cut).frames).toBe(frames)
  })
})

describe('a WebM file that is refused', () => {
  it('holds another codec, and says which', () => {
    const bytes = Uint8Array.from(read('mono.webm'))
    const at = Buffer.from(bytes).indexOf('A_OPUS')
    bytes.set(new TextEncoder().encode('A_AAC\0'), at)
    expect(() => probeAudio(bytes)).toThrow(
      expect.objectContaining({ code: 'unsupported_encoding', message: expect.stringContaining('A_AAC') }),
    )
  })

  it('has tracks but no sound yet', () => {
    const bytes = read('mono.webm')
    const cluster = Buffer.from(bytes).lastIndexOf(Buffer.from([0x1f, 0x43, 0xb6, 0x75]))
    expect(() => probeAudio(bytes.subarray(0, cluster))).toThrow(expect.objectContaining({ code: 'empty' }))
    expect(() => probeAudio(bytes.subarray(0, 40))).toThrow(expect.objectContaining({ kind: 'bad-input' }))
  })
})

it.each(['mono.webm', 'stereo.webm', 'mono.opus', 'stereo.mp3', 'mono_vorbis.ogg', 'stereo24.flac', 'mono16.wav'])(
  'streams %s: the blocks together are what the loader gives',
  async (name) => {
    const bytes = read(name)
    const { samples } = await createAsyncWaveformLoader()(bytes)
    const streamed: number[] = []
    for await (const block of streamWaveformAsync(bytes)) streamed.push(...block)
    expect(Float32Array.from(streamed)).toEqual(samples)
  },
)
