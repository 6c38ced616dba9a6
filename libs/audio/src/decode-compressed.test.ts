import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeAudio, decodeAudioAsync } from './decode-audio.ts'
import { createAsyncWaveformLoader, loadWaveform } from './load-waveform.ts'
import { probeAudio } from './probe-audio.ts'

// Made by fixtures/make_compressed.py.
function read(name: string): Uint8Array {
  return readFileSync(join(import.meta.dirname, '../fixtures/compressed', name))
}

describe('FLAC', () => {
  it.each(['mono8', 'mono16', 'stereo16', 'stereo24', 'six16', 'wasted_bits', 'white_verbatim', 'unknown_length'])(
    '%s decodes to exactly the samples of the WAV file it was made of',
    (name) => {
      const flac = read(`${name}.flac`)
      const { channelData, sampleRate, frames, channels } = decodeAudio(flac)
      const wav = decodeAudio(read(`${name}.wav`))
      expect({ sampleRate, frames, channels }).toEqual({
        sampleRate: wav.sampleRate,
        frames: wav.frames,
        channels: wav.channels,
      })
      expect(channelData).toEqual(wav.channelData)
      expect(probeAudio(flac)).toEqual({ container: 'flac', encoding: 'flac', sampleRate, channels, frames })
    },
  )

  it('is refused when a bit is wrong, and keeps its whole blocks when its end is missing', () => {
    const flac = read('mono16.flac')
    const bytes = Uint8Array.from(flac)
    bytes[bytes.length - 500] ^= 4
    expect(() => decodeAudio(bytes)).toThrow(expect.objectContaining({ code: 'damaged' }))
    const { channelData } = decodeAudio(flac.subarray(0, flac.length - 3000))
    expect(channelData[0]).toEqual(decodeAudio(read('mono16.wav')).channelData[0].subarray(0, channelData[0].length))
    expect(channelData[0].length).toBeGreaterThan(1000)
  })
})

describe('MP3, Vorbis and Opus', () => {
  it.each([
    ['stereo.mp3', 'mp3'],
    ['mono.mp3', 'mp3'],
    ['stereo_vorbis.ogg', 'vorbis'],
    ['mono_vorbis.ogg', 'vorbis'],
    ['stereo.opus', 'opus'],
    ['mono.opus', 'opus'],
  ])('%s decodes to what libsndfile makes of it', async (name, encoding) => {
    const bytes = read(name)
    const wav = decodeAudio(read(`${name}.wav`))
    const actual = await decodeAudioAsync(bytes)
    expect(probeAudio(bytes)).toMatchObject({ encoding, sampleRate: wav.sampleRate, channels: wav.channels })
    expect([actual.sampleRate, actual.channels, actual.frames]).toEqual([wav.sampleRate, wav.channels, wav.frames])
    expect(probeAudio(bytes).frames).toBe(actual.frames)
    const largest = wav.channelData.map((samples, channel) =>
      samples.reduce((most, value, i) => Math.max(most, Math.abs(value - actual.channelData[channel][i])), 0),
    )
    // The expectation is rounded to 16 bits, and Opus' decoders may differ by their own rounding.
    expect(Math.max(...largest)).toBeLessThan(2.5 / 32_768)
  })

  it('are loaded as waveforms by the loader that may wait, and say so to the one that may not', async () => {
    const bytes = read('mono.mp3')
    const { samples } = await createAsyncWaveformLoader()(bytes)
    expect(samples.length).toBe(Math.ceil((8000 * 22_050) / 16_000))
    expect(() => loadWaveform(bytes)).toThrow(expect.objectContaining({ code: 'unsupported_encoding' }))
    await expect(createAsyncWaveformLoader()(read('mono16.flac'))).resolves.toEqual(loadWaveform(read('mono16.wav')))
  })

  it('are refused when they last too long, whatever their bytes would become', async () => {
    for (const name of ['mono.mp3', 'mono_vorbis.ogg', 'mono.opus', 'mono16.flac']) {
      await expect(decodeAudioAsync(read(name), { maxSeconds: 0.2 })).rejects.toMatchObject({ code: 'too_long' })
    }
  })

  it('are refused as damaged where the damage leaves a codec that cannot be released', async () => {
    // One byte changed, seven left out: found by decode-compressed.fuzz.test.ts.
    const changed = Uint8Array.from(read('stereo.opus'))
    changed[896] = 44
    const bytes = Uint8Array.from([...changed.subarray(0, 932), ...changed.subarray(939)])
    await expect(decodeAudioAsync(bytes)).rejects.toMatchObject({ code: 'damaged' })
  })
})
