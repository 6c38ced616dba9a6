import { AudioError } from './errors.ts'
import { checkRate, type AudioInfo } from './pcm-layout.ts'

/** What a FLAC stream says of itself, and where its blocks ("frames" in RFC 9639) begin. */
export type FlacStream = AudioInfo & {
  readonly container: 'flac'
  /** Of a sample, 4 to 32. */
  readonly bits: number
  readonly largestBlock: number
  readonly firstBlock: number
}

/** A block's header. */
export type FlacBlock = {
  /** Samples a channel. */
  readonly samples: number
  /** 0-7: independent channels, one more than the number; 8 left/side, 9 side/right, 10 mid/side. */
  readonly assignment: number
  /** 0 when it is the stream's. */
  readonly bits: number
  /** The number of its first sample, or of the block where all are as long as each other. */
  readonly number: number
  readonly variable: boolean
  /** Offset of its first subframe. */
  readonly end: number
}

const ID3_BYTES = 10
const BITS = [0, 8, 12, -1, 16, 20, 24, 32]

/** Length of an ID3v2 tag in front of a recording; 0 without one. */
export function id3Length(bytes: Uint8Array): number {
  if (bytes.length < ID3_BYTES || bytes[0] !== 0x49 || bytes[1] !== 0x44 || bytes[2] !== 0x33) return 0
  const size = ((bytes[6] & 127) << 21) | ((bytes[7] & 127) << 14) | ((bytes[8] & 127) << 7) | (bytes[9] & 127)
  return ID3_BYTES + size + (bytes[5] & 0x10 ? ID3_BYTES : 0)
}

export function isFlac(bytes: Uint8Array): boolean {
  const at = id3Length(bytes)
  return bytes[at] === 0x66 && bytes[at + 1] === 0x4c && bytes[at + 2] === 0x61 && bytes[at + 3] === 0x43
}

/** Reads the metadata of a FLAC file (RFC 9639, section 8). A stream of unknown length is measured by its last block. */
export function parseFlac(bytes: Uint8Array): FlacStream {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = id3Length(bytes) + 4
  const info = at + 4
  if ((bytes[at] & 127) !== 0 || info + 34 > bytes.length) throw truncated()
  for (let last = false; !last;) {
    if (at + 4 > bytes.length) throw truncated()
    last = bytes[at] >= 128
    at += 4 + (view.getUint32(at) & 0xff_ffff)
  }
  const packed = view.getUint32(info + 10)
  const stream = {
    container: 'flac' as const,
    encoding: 'flac',
    sampleRate: packed >>> 12,
    channels: ((packed >>> 9) & 7) + 1,
    bits: ((packed >>> 4) & 31) + 1,
    largestBlock: view.getUint16(info + 2),
    firstBlock: at,
  }
  checkRate(stream.sampleRate)
  if (stream.bits < 4) throw new AudioError('damaged', `the FLAC file says that its samples have ${stream.bits} bits`)
  const frames = (packed & 15) * 2 ** 32 + view.getUint32(info + 14) || measureByLastBlock(bytes, stream)
  if (frames < 1 || at >= bytes.length) {
    throw new AudioError('empty', 'the recording has a header but no samples; export it again or leave it out')
  }
  return { ...stream, frames }
}

function truncated(): AudioError {
  return new AudioError('truncated_header', 'the FLAC file ends inside its header; copy or export it again')
}

/** Reads the header of the block at `at`; undefined when there is none. */
export function readBlockHeader(bytes: Uint8Array, at: number): FlacBlock | undefined {
  if (at + 6 > bytes.length || bytes[at] !== 0xff || (bytes[at + 1] & 0xfe) !== 0xf8) return undefined
  const sizeCode = bytes[at + 2] >> 4
  const rateCode = bytes[at + 2] & 15
  const assignment = bytes[at + 3] >> 4
  const bits = BITS[(bytes[at + 3] >> 1) & 7]
  if (sizeCode === 0 || rateCode === 15 || assignment > 10 || bits < 0 || bytes[at + 3] & 1) return undefined
  const coded = readCodedNumber(bytes, at + 4)
  if (!coded) return undefined
  let { end } = coded
  let samples = sizeCode === 1 ? 192 : sizeCode < 6 ? 144 << sizeCode : 1 << sizeCode
  if (sizeCode === 6) samples = bytes[end++] + 1
  if (sizeCode === 7) {
    samples = ((bytes[end] << 8) | bytes[end + 1]) + 1
    end += 2
  }
  if (rateCode >= 12) end += rateCode === 12 ? 1 : 2
  if (end >= bytes.length || crc8(bytes, at, end) !== bytes[end]) return undefined
  return { samples, assignment, bits, number: coded.value, variable: (bytes[at + 1] & 1) === 1, end: end + 1 }
}

/** A number coded as UTF-8 codes characters, up to 36 bits. */
function readCodedNumber(bytes: Uint8Array, at: number): { value: number; end: number } | undefined {
  const first = bytes[at]
  if (first < 128) return { value: first, end: at + 1 }
  const length = Math.clz32(~(first << 24))
  if (length < 2 || length > 7 || at + length > bytes.length) return undefined
  let value = first & (127 >> length)
  for (let i = 1; i < length; i++) {
    if ((bytes[at + i] & 0xc0) !== 0x80) return undefined
    value = value * 64 + (bytes[at + i] & 63)
  }
  return { value, end: at + length }
}

function crc8(bytes: Uint8Array, start: number, end: number): number {
  let crc = 0
  for (let at = start; at < end; at++) {
    crc ^= bytes[at]
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ (crc & 128 ? 7 : 0)) & 255
  }
  return crc
}

type Measurable = { readonly firstBlock: number; readonly largestBlock: number }

/** A stream that was written to a pipe does not know its length, but its last block knows where it begins. */
function measureByLastBlock(bytes: Uint8Array, { firstBlock, largestBlock }: Measurable): number {
  const first = readBlockHeader(bytes, firstBlock)
  if (!first) return 0
  for (let at = bytes.length - 6; at >= firstBlock; at--) {
    const block = readBlockHeader(bytes, at)
    if (block?.variable !== first.variable || block.samples > largestBlock) continue
    return block.variable ? block.number + block.samples : block.number * first.samples + block.samples
  }
  return 0
}
