import { AudioError } from './errors.ts'
import { findChunks, fourCharacters, type Chunk } from './find-chunks.ts'
import { pcmLayout, type PcmLayout } from './pcm-layout.ts'
import type { Encoding } from './sample-encodings.ts'

/** Whether the bytes begin like an AIFF or AIFF-C file. */
export function isAiff(view: DataView): boolean {
  if (view.byteLength < 12 || fourCharacters(view, 0) !== 'FORM') return false
  const type = fourCharacters(view, 8)
  return type === 'AIFF' || type === 'AIFC'
}

/**
 * Reads an AIFF or AIFF-C header (Apple, Audio Interchange File Format 1.3). The chunks may come in any order.
 * @param fileBytes The length of the file, where the view is only of its beginning
 */
export function parseAiff(view: DataView, fileBytes = view.byteLength): PcmLayout {
  let common: Common | undefined
  let sound: Chunk | undefined
  const compressed = fourCharacters(view, 8) === 'AIFC'
  for (const chunk of findChunks(view, false)) {
    if (chunk.id === 'COMM') common = readCommon(view, chunk, compressed)
    if (chunk.id === 'SSND') sound = chunk
  }
  if (!common || !sound || sound.start + 8 > view.byteLength) {
    const missing = common ? 'sound data' : 'common chunk'
    throw new AudioError('truncated_header', `the AIFF file ends before its ${missing}; copy or export it again`)
  }
  // The sound chunk begins with an offset to the first sample and a block size.
  const skip = 8 + view.getUint32(sound.start, false)
  const dataStart = sound.start + skip
  return pcmLayout({
    container: 'aiff',
    ...common,
    dataStart,
    dataBytes: Math.max(sound.bytes - skip, 0),
    fileBytes,
  })
}

type Common = {
  readonly encoding: Encoding
  readonly littleEndian: boolean
  readonly channels: number
  readonly sampleRate: number
}

function readCommon(view: DataView, { start, bytes }: Chunk, compressed: boolean): Common {
  const needed = compressed ? 22 : 18
  if (bytes < needed || start + needed > view.byteLength) {
    throw new AudioError('truncated_header', 'the AIFF file ends inside its common chunk; copy or export it again')
  }
  const bits = view.getUint16(start + 6, false)
  const compression = compressed ? fourCharacters(view, start + 18) : 'NONE'
  return {
    encoding: aiffEncoding(compression, bits),
    littleEndian: compression === 'sowt',
    channels: view.getUint16(start, false),
    sampleRate: readExtended(view, start + 8),
  }
}

/** An IEEE 754 number of 80 bits: sign, 15 bits of exponent, 64 bits of mantissa with its leading one. */
function readExtended(view: DataView, offset: number): number {
  const exponent = view.getUint16(offset, false) & 0x7fff
  const high = view.getUint32(offset + 2, false)
  const low = view.getUint32(offset + 6, false)
  return (high * 2 ** 32 + low) * 2 ** (exponent - 16_383 - 63)
}

function aiffEncoding(compression: string, bits: number): Encoding {
  switch (compression) {
    case 'fl32':
    case 'FL32':
      return 'float32'
    case 'fl64':
    case 'FL64':
      return 'float64'
    case 'ulaw':
    case 'ULAW':
      return 'ulaw'
    case 'alaw':
    case 'ALAW':
      return 'alaw'
    case 'in24':
      return 'pcm_s24'
    case 'in32':
      return 'pcm_s32'
    case 'raw ':
      if (bits <= 8) return 'pcm_u8'
      break
    case 'NONE':
    case 'twos':
    case 'sowt':
      if (bits >= 1 && bits <= 8) return 'pcm_s8'
      if (bits > 8 && bits <= 16) return 'pcm_s16'
      if (bits > 16 && bits <= 24) return 'pcm_s24'
      if (bits > 24 && bits <= 32) return 'pcm_s32'
      break
    default:
  }
  throw new AudioError(
    'unsupported_encoding',
    `the AIFF file's samples are ${JSON.stringify(compression)} of ${bits} bits; convert it to 16-bit PCM (ffmpeg -i IN -c:a pcm_s16le OUT.wav)`,
  )
}
