import { describe, expect, it } from 'vitest'
import { decodeAudio } from './decode-audio.ts'
import { probeAudio } from './probe-audio.ts'
import { aiffCommon, aiffSound, iff, joined, packed, riff, text, wavFormat } from './test-files.ts'

const PCM16 = packed(true, [2, 0x7fff], [2, 0x8000], [2, 0x4000], [2, 0])
const SAMPLES16 = [32_767 / 32_768, -1, 0.5, 0]
const GUID_TAIL = Uint8Array.of(0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113)

function decoded(bytes: Uint8Array): number[] {
  return Array.from(decodeAudio(bytes).channelData[0])
}

function floats(width: 4 | 8, littleEndian: boolean, ...values: number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * width))
  values.forEach((value, i) => {
    if (width === 4) view.setFloat32(i * 4, value, littleEndian)
    else view.setFloat64(i * 8, value, littleEndian)
  })
  return new Uint8Array(view.buffer)
}

describe('decodeAudio on WAV', () => {
  it.each([
    ['8-bit unsigned PCM', { bits: 8 }, Uint8Array.of(0, 128, 255), [-1, 0, 127 / 128]],
    ['16-bit PCM', { bits: 16 }, PCM16, SAMPLES16],
    [
      '24-bit PCM',
      { bits: 24 },
      Uint8Array.of(0xff, 0xff, 0x7f, 0, 0, 0x80, 1, 0, 0),
      [8_388_607 / 8_388_608, -1, 1 / 8_388_608],
    ],
    ['32-bit PCM', { bits: 32 }, packed(true, [4, 0x80000000], [4, 0x40000000]), [-1, 0.5]],
    ['12-bit PCM in two bytes', { bits: 12 }, packed(true, [2, 0x7ff0], [2, 0x8000]), [0x7ff0 / 32_768, -1]],
    ['24-bit PCM in four bytes', { bits: 24, block: 4 }, packed(true, [4, 0x40000000]), [0.5]],
    ['32-bit float', { tag: 3, bits: 32 }, floats(4, true, 0.25, -1.5), [0.25, -1.5]],
    ['64-bit float', { tag: 3, bits: 64 }, floats(8, true, 0.25, -0.1), [0.25, Math.fround(-0.1)]],
    ['mu-law', { tag: 7, bits: 8 }, Uint8Array.of(0xff, 0x80, 0x00), [0, 32_124 / 32_768, -32_124 / 32_768]],
    ['A-law', { tag: 6, bits: 8 }, Uint8Array.of(0xd5, 0xaa, 0x2a), [8 / 32_768, 32_256 / 32_768, -32_256 / 32_768]],
  ])('scales %s as libsndfile does', (_, format, content, expected) => {
    expect(decoded(riff(wavFormat(format), { id: 'data', content }))).toEqual(expected)
  })

  it('takes the encoding of an extensible format from its sub-format', () => {
    const { content } = wavFormat({ tag: 0xfffe, bits: 32 })
    const extension = joined(packed(true, [2, 22], [2, 32], [4, 4], [2, 3]), GUID_TAIL)
    const file = riff(
      { id: 'fmt ', content: joined(content, extension) },
      { id: 'data', content: floats(4, true, -0.75) },
    )
    expect(probeAudio(file).encoding).toBe('float32')
    expect(decoded(file)).toEqual([-0.75])
  })

  it('separates interleaved channels', () => {
    const file = riff(wavFormat({ bits: 16, channels: 2 }), { id: 'data', content: PCM16 })
    const { channelData, ...info } = decodeAudio(file)
    expect(channelData.map((samples) => Array.from(samples))).toEqual([
      [32_767 / 32_768, 0.5],
      [-1, 0],
    ])
    expect(info).toEqual({ container: 'wav', encoding: 'pcm_s16', sampleRate: 22_050, channels: 2, frames: 2 })
  })

  it('finds the data between other chunks, of odd length too', () => {
    const note = { id: 'LIST', content: text('INFOabc') }
    const file = riff(note, wavFormat({ bits: 16 }), note, { id: 'data', content: PCM16 }, note)
    expect(decoded(file)).toEqual(SAMPLES16)
  })

  it('clips a data chunk that claims more than the file has, and drops half a frame', () => {
    const file = riff(wavFormat({ bits: 16 }), { id: 'data', content: PCM16.subarray(0, 7), claims: 0xffffffff })
    expect(decoded(file.subarray(0, file.length - 1))).toEqual(SAMPLES16.slice(0, 3))
  })

  it('reads bytes that begin in the middle of a buffer', () => {
    const file = riff(wavFormat({ bits: 16 }), { id: 'data', content: PCM16 })
    expect(decoded(joined(text('abc'), file).subarray(3))).toEqual(SAMPLES16)
  })
})

describe('decodeAudio on AIFF', () => {
  const big16 = packed(false, [2, 0x7fff], [2, 0x8000])
  it.each([
    ['AIFF of 16 bits', iff('AIFF', aiffCommon(16, 2), aiffSound(big16)), [32_767 / 32_768, -1]],
    ['AIFF of 8 bits, signed', iff('AIFF', aiffCommon(8, 2), aiffSound(Uint8Array.of(127, 128))), [127 / 128, -1]],
    ['AIFF of 24 bits', iff('AIFF', aiffCommon(24, 1), aiffSound(Uint8Array.of(0x40, 0, 1))), [0x400001 / 8_388_608]],
    ['sound before the common chunk', iff('AIFF', aiffSound(big16), aiffCommon(16, 2)), [32_767 / 32_768, -1]],
    ['AIFF-C, not compressed', iff('AIFC', aiffCommon(16, 2, 'NONE'), aiffSound(big16)), [32_767 / 32_768, -1]],
    ['AIFF-C, little-endian', iff('AIFC', aiffCommon(16, 4, 'sowt'), aiffSound(PCM16)), SAMPLES16],
    ['AIFF-C, 32-bit float', iff('AIFC', aiffCommon(32, 1, 'fl32'), aiffSound(floats(4, false, -0.25))), [-0.25]],
    ['AIFF-C, 64-bit float', iff('AIFC', aiffCommon(64, 1, 'fl64'), aiffSound(floats(8, false, 0.5))), [0.5]],
  ])('decodes %s', (_, file, expected) => {
    expect(probeAudio(file)).toMatchObject({ container: 'aiff', sampleRate: 22_050, channels: 1 })
    expect(decoded(file)).toEqual(expected)
  })
})

describe('a refusal', () => {
  const data = { id: 'data', content: PCM16 }
  it.each([
    ['empty', new Uint8Array(0)],
    ['not_audio', text('hello, this is not a recording')],
    ['not_audio', text('RI')],
    ['truncated_header', text('fLaC....')],
    ['unsupported_encoding', text('....ftypM4A ')],
    ['unsupported_encoding', joined(text('ID3'), new Uint8Array(20))],
    ['truncated_header', text('RIFF....WAVE')],
    ['truncated_header', riff(wavFormat({ bits: 16 }))],
    ['truncated_header', riff({ id: 'fmt ', content: new Uint8Array(10) }, data)],
    ['damaged', riff(data, wavFormat({ bits: 16 }))],
    ['damaged', riff(wavFormat({ bits: 16, channels: 0 }), data)],
    ['empty', riff(wavFormat({ bits: 16 }), { id: 'data', content: new Uint8Array(0) })],
    ['unsupported_encoding', riff(wavFormat({ tag: 2, bits: 4 }), data)],
    ['unsupported_encoding', riff(wavFormat({ bits: 0 }), data)],
    ['rate_out_of_range', riff(wavFormat({ bits: 16, sampleRate: 4000 }), data)],
    ['rate_out_of_range', riff(wavFormat({ bits: 16, sampleRate: 0xffffffff }), data)],
    ['unsupported_encoding', iff('AIFC', aiffCommon(16, 2, 'ima4'), aiffSound(PCM16))],
    ['truncated_header', iff('AIFF', aiffCommon(16, 2))],
    ['not_finite', riff(wavFormat({ tag: 3, bits: 32 }), { id: 'data', content: floats(4, true, 0, Number.NaN) })],
    ['not_finite', riff(wavFormat({ tag: 3, bits: 64 }), { id: 'data', content: floats(8, true, 1e300) })],
  ])('is %s, as bad input and with a message', (code, bytes) => {
    expect(() => decodeAudio(bytes)).toThrow(
      expect.objectContaining({ name: 'AudioError', code, kind: 'bad-input', message: expect.stringMatching(/\w{3}/) }),
    )
  })
})
