import { AudioError } from './errors.ts'
import { findChunks, fourCharacters, type Chunk } from './find-chunks.ts'
import { pcmLayout, type PcmLayout } from './pcm-layout.ts'
import type { Encoding } from './sample-encodings.ts'

const PCM = 0x0001
const IEEE_FLOAT = 0x0003
const A_LAW = 0x0006
const MU_LAW = 0x0007
const EXTENSIBLE = 0xfffe
const FORMAT_NAMES: Readonly<Record<number, string>> = {
  0x0002: 'Microsoft ADPCM',
  0x0011: 'IMA ADPCM',
  0x0031: 'GSM 6.10',
  0x0050: 'MPEG',
  0x0055: 'MP3',
}

/** Whether the bytes begin like a WAV file: RIFF, or RF64 with its 64-bit sizes. */
export function isWav(view: DataView): boolean {
  if (view.byteLength < 12 || fourCharacters(view, 8) !== 'WAVE') return false
  const form = fourCharacters(view, 0)
  return form === 'RIFF' || form === 'RF64' || form === 'BW64'
}

/**
 * Reads a WAV header. Chunks may come in any order before the data and any after it; sizes past the end of the
 * file are clipped (RF64 files say 0xffffffff, which is clipped in the same way).
 * @param fileBytes The length of the file, where the view is only of its beginning
 */
export function parseWav(view: DataView, fileBytes = view.byteLength): PcmLayout {
  let format: WavFormat | undefined
  for (const chunk of findChunks(view, true)) {
    if (chunk.id === 'fmt ') format = readFormat(view, chunk)
    if (chunk.id !== 'data') continue
    if (!format) throw new AudioError('damaged', 'the WAV file has its samples before its format chunk')
    return pcmLayout({
      container: 'wav',
      ...format,
      littleEndian: true,
      dataStart: chunk.start,
      dataBytes: chunk.bytes,
      fileBytes,
    })
  }
  const missing = format ? 'data chunk' : 'format chunk'
  throw new AudioError('truncated_header', `the WAV file ends before its ${missing}; copy or export it again`)
}

type WavFormat = { readonly encoding: Encoding; readonly channels: number; readonly sampleRate: number }

function readFormat(view: DataView, { start, bytes }: Chunk): WavFormat {
  if (bytes < 16 || start + 16 > view.byteLength) {
    throw new AudioError('truncated_header', 'the WAV file ends inside its format chunk; copy or export it again')
  }
  const channels = view.getUint16(start + 2, true)
  const bits = view.getUint16(start + 14, true)
  const blockBytes = view.getUint16(start + 12, true)
  let tag = view.getUint16(start, true)
  // An extensible format keeps the real tag in the first two bytes of its sub-format's GUID.
  if (tag === EXTENSIBLE && bytes >= 40 && start + 40 <= view.byteLength) tag = view.getUint16(start + 24, true)
  const sampleBits = containerBits({ bits, blockBytes, channels })
  return { encoding: wavEncoding(tag, sampleBits), channels, sampleRate: view.getUint32(start + 4, true) }
}

/** Bits that a sample takes in the file: samples of 12 or 20 bits lie left-justified in whole bytes. */
function containerBits(format: { bits: number; blockBytes: number; channels: number }): number {
  const { bits, blockBytes, channels } = format
  const stored = channels > 0 && blockBytes % channels === 0 ? (blockBytes / channels) * 8 : 0
  const least = Math.ceil(bits / 8) * 8
  return stored > least && stored <= 64 ? stored : least
}

function wavEncoding(tag: number, bits: number): Encoding {
  if (tag === PCM) {
    if (bits === 8) return 'pcm_u8'
    if (bits === 16) return 'pcm_s16'
    if (bits === 24) return 'pcm_s24'
    if (bits === 32) return 'pcm_s32'
  }
  if (tag === IEEE_FLOAT && bits === 32) return 'float32'
  if (tag === IEEE_FLOAT && bits === 64) return 'float64'
  if (tag === MU_LAW && bits === 8) return 'ulaw'
  if (tag === A_LAW && bits === 8) return 'alaw'
  const name =
    FORMAT_NAMES[tag] ?? (tag === PCM ? 'PCM' : tag === IEEE_FLOAT ? 'float' : `format 0x${tag.toString(16)}`)
  throw new AudioError(
    'unsupported_encoding',
    `the WAV file's samples are ${name} of ${bits} bits; convert it to 16-bit PCM (ffmpeg -i IN -c:a pcm_s16le OUT.wav)`,
  )
}
