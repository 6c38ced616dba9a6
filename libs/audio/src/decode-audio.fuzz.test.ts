import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeAudio } from './decode-audio.ts'
import { encodeWav } from './encode-wav.ts'
import { AudioError } from './errors.ts'
import { aiffCommon, aiffSound, iff, joined, riff, text, wavFormat } from './test-files.ts'

/** Decodes, or is refused with an AudioError; anything else fails. Takes no more memory than the bytes justify. */
function decodesOrRefuses(bytes: Uint8Array): void {
  try {
    const { channelData, frames, channels } = decodeAudio(bytes)
    expect(channelData.length).toBe(channels)
    expect(frames * channels).toBeLessThanOrEqual(bytes.length)
  } catch (error) {
    if (!(error instanceof AudioError)) throw error
  }
}

const anyBytes = fc.uint8Array({ maxLength: 300 })
const samples = new Uint8Array(64)
const seeds = [
  riff(wavFormat({ bits: 16 }), { id: 'data', content: samples }),
  riff({ id: 'LIST', content: text('INFOabc') }, wavFormat({ tag: 3, bits: 32, channels: 3 }), {
    id: 'data',
    content: samples,
  }),
  iff('AIFF', aiffCommon(16, 32), aiffSound(samples)),
  iff('AIFC', aiffCommon(64, 8, 'fl64'), aiffSound(samples)),
]

describe('decodeAudio on any bytes', () => {
  it('throws nothing but AudioError for noise behind a believable start', () => {
    const starts = ['', 'RIFF\0\0\0\0WAVE', 'RF64\0\0\0\0WAVEfmt ', 'FORM\0\0\0\0AIFF', 'FORM\0\0\0\0AIFCCOMM'].map(
      text,
    )
    fc.assert(
      fc.property(fc.constantFrom(...starts), anyBytes, (start, rest) => decodesOrRefuses(joined(start, rest))),
      { numRuns: 3000 },
    )
  })

  it('throws nothing but AudioError for a recording with bytes changed or its end cut off', () => {
    const change = fc.record({ at: fc.nat(), value: fc.integer({ min: 0, max: 255 }) })
    fc.assert(
      fc.property(fc.constantFrom(...seeds), fc.array(change, { maxLength: 6 }), fc.nat(), (seed, changes, cut) => {
        const bytes = seed.slice(0, seed.length - (cut % 3 === 0 ? cut % seed.length : 0))
        for (const { at, value } of changes) bytes[at % bytes.length] = value
        decodesOrRefuses(bytes)
      }),
      { numRuns: 5000 },
    )
  })

  it('gives back what encodeWav wrote', () => {
    const frame = fc.array(fc.integer({ min: -32_768, max: 32_767 }), { minLength: 2, maxLength: 2 })
    fc.assert(
      fc.property(fc.array(frame, { minLength: 1, maxLength: 50 }), (frames) => {
        const channels = [0, 1].map((channel) => Float32Array.from(frames, (values) => values[channel] / 32_768))
        for (const encoding of ['pcm_s16', 'pcm_s24', 'float32'] as const) {
          expect(decodeAudio(encodeWav({ samples: channels, sampleRate: 16_000 }, encoding)).channelData).toEqual(
            channels,
          )
        }
      }),
    )
  })
})
