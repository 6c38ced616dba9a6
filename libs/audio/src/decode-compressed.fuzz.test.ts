import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { decodeAudioAsync } from './decode-audio.ts'
import { AudioError } from './errors.ts'
import { probeAudio } from './probe-audio.ts'
import { joined, text } from './test-files.ts'

const names = [
  'mono16.flac',
  'six16.flac',
  'unknown_length.flac',
  'stereo.mp3',
  'mono_vorbis.ogg',
  'stereo.opus',
  'mono.webm',
]
const seeds = names.map((name) => readFileSync(join(import.meta.dirname, '../fixtures/compressed', name)))
const MAX_SECONDS = 2

/** Decodes, or is refused with an AudioError; anything else fails. Gives no more than what was allowed. */
async function decodesOrRefuses(bytes: Uint8Array): Promise<void> {
  try {
    const { channelData, frames, sampleRate } = await decodeAudioAsync(bytes, { maxSeconds: MAX_SECONDS })
    expect(frames).toBeLessThanOrEqual(probeAudio(bytes).frames)
    expect(frames).toBeLessThanOrEqual(MAX_SECONDS * sampleRate)
    for (const samples of channelData) expect(samples.length).toBe(frames)
  } catch (error) {
    if (!(error instanceof AudioError)) throw error
  }
}

describe('decoding compressed recordings', () => {
  // The codecs tell what they cannot read on the console.
  beforeAll(() => void vi.spyOn(console, 'error').mockReturnValue())
  afterAll(() => void vi.restoreAllMocks())

  it('throws nothing but AudioError for bytes changed, left out or cut off', { timeout: 120_000 }, async () => {
    const change = fc.record({ at: fc.nat(), value: fc.integer({ min: 0, max: 255 }) })
    const damage = fc.record({
      seed: fc.constantFrom(...seeds),
      changes: fc.array(change, { maxLength: 8 }),
      // Headers are few bytes of many, and the most delicate.
      inHeader: fc.boolean(),
      cut: fc.nat(),
      gap: fc.nat(),
    })
    await fc.assert(
      fc.asyncProperty(damage, async ({ seed, changes, inHeader, cut, gap }) => {
        let bytes: Uint8Array = Uint8Array.from(seed.subarray(0, seed.length - (cut % 3 === 0 ? cut % seed.length : 0)))
        const range = inHeader ? Math.min(bytes.length, 120) : bytes.length
        for (const { at, value } of changes) bytes[at % range] = value
        if (gap % 4 === 0)
          bytes = joined(bytes.subarray(0, gap % bytes.length), bytes.subarray((gap % bytes.length) + 7))
        await decodesOrRefuses(bytes)
      }),
      { numRuns: 600, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: false },
    )
  })

  it('throws nothing but AudioError for any bytes behind a known beginning', async () => {
    const starts = ['fLaC', 'OggS\0\u0002', 'ID3\u0004\0\0\0\0\0\0', '\u001aE\u00df\u00a3', '\u00ff\u00fb\u0090\0', '']
    const bytes = fc.uint8Array({ maxLength: 400 })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...starts), bytes, (start, rest) => decodesOrRefuses(joined(text(start), rest))),
      { numRuns: 1500 },
    )
  })

  it('does not believe a header that promises more than the blocks have', async () => {
    const flac = Uint8Array.from(seeds[0])
    const honest = probeAudio(flac).frames
    // The number of samples, 36 bits.
    new DataView(flac.buffer).setUint32(22, honest * 2)
    expect(probeAudio(flac).frames).toBe(honest * 2)
    expect((await decodeAudioAsync(flac)).frames).toBe(honest)
    new DataView(flac.buffer).setUint32(22, 0xffff_ffff)
    await expect(decodeAudioAsync(flac)).rejects.toMatchObject({ code: 'too_long' })
  })
})
