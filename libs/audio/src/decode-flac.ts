import type { DecodedAudio } from './decode-audio.ts'
import { AudioError } from './errors.ts'
import { parseFlac, readBlockHeader, type FlacBlock, type FlacStream } from './parse-flac.ts'
import { EndOfBits, readBits, type BitReader } from './read-bits.ts'

/**
 * Decodes FLAC (RFC 9639) to what the WAV file it was made of decodes to. All arithmetic is exact: the largest
 * intermediate, 32 products of 15 and 33 bits, fits in a float64. Every block's checksum is verified.
 *
 * Never gives more than `parseFlac` says there is.
 */
export function decodeFlac(bytes: Uint8Array): DecodedAudio {
  const stream = parseFlac(bytes)
  const blocks = Array.from(flacBlocks(bytes, stream))
  const frames = blocks.reduce((sum, [first]) => sum + first.length, 0)
  if (frames === 0) throw new AudioError('damaged', 'no block of the FLAC file can be decoded; copy it again')
  const { container, encoding, sampleRate, channels } = stream
  const channelData = Array.from({ length: channels }, (_, channel) => joinBlocks(blocks, channel, frames))
  return { container, encoding, sampleRate, channels, frames, channelData }
}

/** The samples block by block, an array a channel. */
export function* flacBlocks(bytes: Uint8Array, stream: FlacStream): Generator<Float32Array[]> {
  let missing = stream.frames
  for (let at = stream.firstBlock; missing > 0;) {
    const block = nextBlock(bytes, at, stream)
    if (!block) return
    yield block.channels.map((samples) => samples.subarray(0, missing))
    missing -= block.channels[0].length
    at = block.end
  }
}

function joinBlocks(blocks: readonly Float32Array[][], channel: number, frames: number): Float32Array {
  const samples = new Float32Array(frames)
  let at = 0
  for (const block of blocks) {
    samples.set(block[channel], at)
    at += block[channel].length
  }
  return samples
}

type DecodedBlock = { readonly channels: Float32Array[]; readonly end: number }

/** The block at `start`. None where the file was cut off: it keeps its whole blocks, as WAV does. */
function nextBlock(bytes: Uint8Array, start: number, stream: FlacStream): DecodedBlock | undefined {
  const header = readBlockHeader(bytes, start)
  // Behind the last block there may be tags.
  if (!header) return undefined
  try {
    return decodeBlock(bytes, start, header, stream)
  } catch (error) {
    if (error instanceof EndOfBits) return undefined
    throw error
  }
}

function decodeBlock(bytes: Uint8Array, start: number, header: FlacBlock, stream: FlacStream): DecodedBlock {
  const bits = header.bits || stream.bits
  const { assignment, samples } = header
  const count = assignment < 8 ? assignment + 1 : 2
  if (count !== stream.channels || bits !== stream.bits) {
    throw new AudioError('damaged', 'the FLAC file changes its channels or bits on the way; export it again')
  }
  const reader = readBits(bytes, header.end)
  const channels = Array.from({ length: count }, (_, channel) => {
    const isSide = (assignment === 9 && channel === 0) || ((assignment === 8 || assignment === 10) && channel === 1)
    return decodeSubframe(reader, samples, isSide ? bits + 1 : bits)
  })
  const end = reader.align()
  if (end + 2 > bytes.length) throw new EndOfBits()
  if (crc16(bytes, start, end) !== ((bytes[end] << 8) | bytes[end + 1])) {
    throw new AudioError('damaged', `a block of the FLAC file has a wrong checksum (byte ${start}); copy it again`)
  }
  separate(channels, assignment)
  const scale = 2 ** (1 - bits)
  return { channels: channels.map((values) => scaled(values, scale)), end: end + 2 }
}

function scaled(values: Float64Array, scale: number): Float32Array {
  const samples = new Float32Array(values.length)
  for (let i = 0; i < values.length; i++) samples[i] = values[i] * scale
  return samples
}

/** From left, right and their difference or mean back to left and right. */
function separate([first, second]: readonly Float64Array[], assignment: number): void {
  if (assignment < 8) return
  for (let i = 0; i < first.length; i++) {
    const [a, b] = [first[i], second[i]]
    if (assignment === 8) second[i] = a - b
    else if (assignment === 9) first[i] = a + b
    else {
      // The mean lost its lowest bit, which is that of the difference.
      const sum = 2 * a + Math.abs(b % 2)
      first[i] = (sum + b) / 2
      second[i] = (sum - b) / 2
    }
  }
}

function decodeSubframe(reader: BitReader, samples: number, frameBits: number): Float64Array {
  if (reader.unsigned(1) !== 0) throw damaged('a subframe')
  const type = reader.unsigned(6)
  const wasted = reader.unsigned(1) === 1 ? reader.unary() + 1 : 0
  const bits = frameBits - wasted
  if (bits < 1) throw damaged('wasted bits')
  const values = new Float64Array(samples)
  if (type === 0) values.fill(reader.signed(bits))
  else if (type === 1) for (let i = 0; i < samples; i++) values[i] = reader.signed(bits)
  else if (type >= 8 && type <= 12) decodePredicted(reader, values, { order: type - 8, bits, fixed: true })
  else if (type >= 32) decodePredicted(reader, values, { order: type - 31, bits, fixed: false })
  else throw damaged('a subframe of an unknown type')
  if (wasted > 0) for (let i = 0; i < samples; i++) values[i] *= 2 ** wasted
  return values
}

// The difference of order n predicts with these (RFC 9639, table 20).
const FIXED = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]]

type Prediction = { readonly order: number; readonly bits: number; readonly fixed: boolean }

function decodePredicted(reader: BitReader, values: Float64Array, { order, bits, fixed }: Prediction): void {
  if (order > values.length) throw damaged('a predictor that is longer than its block')
  for (let i = 0; i < order; i++) values[i] = reader.signed(bits)
  let coefficients = Float64Array.from(FIXED[order] ?? [])
  let scale = 1
  if (!fixed) {
    const precision = reader.unsigned(4) + 1
    const shift = reader.signed(5)
    if (precision === 16 || shift < 0) throw damaged('a predictor')
    coefficients = Float64Array.from({ length: order }, () => reader.signed(precision))
    scale = 2 ** -shift
  }
  decodeResidual(reader, values, order)
  for (let i = order; i < values.length; i++) {
    let sum = 0
    for (let j = 0; j < order; j++) sum += coefficients[j] * values[i - 1 - j]
    values[i] += Math.floor(sum * scale)
  }
}

/** Rice codes in partitions, each with its own parameter (RFC 9639, section 9.2.7). */
function decodeResidual(reader: BitReader, values: Float64Array, order: number): void {
  const method = reader.unsigned(2)
  if (method > 1) throw damaged('a residual')
  const parameterBits = method === 0 ? 4 : 5
  const partitions = 2 ** reader.unsigned(4)
  const length = values.length / partitions
  if (!Number.isInteger(length) || length < order) throw damaged('partitions')
  for (let partition = 0, i = order; partition < partitions; partition++) {
    const end = (partition + 1) * length
    const parameter = reader.unsigned(parameterBits)
    if (parameter === 2 ** parameterBits - 1) {
      const bits = reader.unsigned(5)
      for (; i < end; i++) values[i] = bits === 0 ? 0 : reader.signed(bits)
    } else {
      reader.rice(values, i, end, parameter)
      i = end
    }
  }
}

function damaged(what: string): AudioError {
  return new AudioError('damaged', `the FLAC file has ${what} that cannot be; copy or export it again`)
}

// CRC-16 with the polynomial 0x8005 of each byte.
const CRC16 = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8
  for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc & 0x8000 ? 0x18005 : 0)
  return crc
})

function crc16(bytes: Uint8Array, start: number, end: number): number {
  let crc = 0
  for (let at = start; at < end; at++) crc = ((crc << 8) & 0xffff) ^ CRC16[(crc >> 8) ^ bytes[at]]
  return crc
}
