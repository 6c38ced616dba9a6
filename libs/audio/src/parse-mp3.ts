import { AudioError } from './errors.ts'
import { id3Length } from './parse-flac.ts'
import { checkRate, type AudioInfo } from './pcm-layout.ts'

/** An MPEG audio file, and where its frames lie. */
export type Mp3Stream = AudioInfo & {
  readonly container: 'mp3'
  /** Offset and length of each frame. */
  readonly frameRanges: readonly (readonly [number, number])[]
}

type FrameHeader = {
  readonly bytes: number
  readonly samples: number
  readonly sampleRate: number
  readonly channels: 1 | 2
  /** From the start of the frame to what would be the Xing or Info tag. */
  readonly tagOffset: number
}

// How far the first frame may lie behind a tag: some programs pad with zeros.
const MOST_PADDING = 65_536
const RATES = [44_100, 48_000, 32_000]
const KILOBITS: Readonly<Record<string, readonly number[]>> = {
  '1-1': [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  '1-2': [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  '1-3': [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  '2-1': [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  '2-2': [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
}

/** Whether there is an MPEG audio frame, and behind it another (or the end), where the recording begins. */
export function isMp3(bytes: Uint8Array): boolean {
  return firstFrame(bytes) !== undefined
}

/** Finds all frames; their number is the length, less what a LAME tag says was added. */
export function parseMp3(bytes: Uint8Array): Mp3Stream {
  const start = firstFrame(bytes) ?? 0
  const first = readFrameHeader(bytes, start)
  if (!first) throw new AudioError('not_audio', 'the file has no MPEG audio frame')
  checkRate(first.sampleRate)
  const frameRanges: [number, number][] = []
  for (let at = start; at + 4 <= bytes.length;) {
    const header = readFrameHeader(bytes, at)
    if (header?.sampleRate === first.sampleRate && at + header.bytes <= bytes.length) {
      frameRanges.push([at, header.bytes])
      at += header.bytes
    } else at++
  }
  const tag = readLameTag(bytes, start + first.tagOffset)
  const audible = frameRanges.length - (tag === undefined ? 0 : 1)
  const frames = audible * first.samples - (tag ?? 0)
  if (frames < 1) throw new AudioError('empty', 'the MP3 file has no whole frame; copy it again or leave it out')
  const { sampleRate, channels } = first
  return { container: 'mp3', encoding: 'mp3', sampleRate, channels, frames, frameRanges }
}

function firstFrame(bytes: Uint8Array): number | undefined {
  const start = id3Length(bytes)
  for (let at = start; at + 4 <= bytes.length && at <= start + MOST_PADDING; at++) {
    const header = readFrameHeader(bytes, at)
    const next = header ? at + header.bytes : 0
    if (header && (next === bytes.length || readFrameHeader(bytes, next))) return at
    // Without a tag in front only zeros may come before the first frame, or any file might be taken for one.
    if (start === 0 && bytes[at] !== 0) return undefined
  }
  return undefined
}

/** ISO/IEC 11172-3 and 13818-3; and 2.5, the lower rates that MP3 has besides. */
function readFrameHeader(bytes: Uint8Array, at: number): FrameHeader | undefined {
  if (at + 4 > bytes.length || bytes[at] !== 0xff || (bytes[at + 1] & 0xe0) !== 0xe0) return undefined
  const version = (bytes[at + 1] >> 3) & 3
  const layer = 4 - ((bytes[at + 1] >> 1) & 3)
  const bitrate = bytes[at + 2] >> 4
  const rate = (bytes[at + 2] >> 2) & 3
  if (version === 1 || layer === 4 || bitrate === 0 || bitrate === 15 || rate === 3) return undefined
  const first = version === 3
  const kilobits = KILOBITS[`${first ? 1 : 2}-${first ? layer : Math.min(layer, 2)}`][bitrate - 1]
  const sampleRate = RATES[rate] / (first ? 1 : version === 2 ? 2 : 4)
  const padding = (bytes[at + 2] >> 1) & 1
  const samples = layer === 1 ? 384 : layer === 3 && !first ? 576 : 1152
  const channels = bytes[at + 3] >> 6 === 3 ? 1 : 2
  const slot = layer === 1 ? 4 : 1
  const length = (Math.floor((samples * kilobits * 125) / sampleRate / slot) + padding) * slot
  const side = first ? (channels === 1 ? 17 : 32) : channels === 1 ? 9 : 17
  return { bytes: length, samples, sampleRate, channels, tagOffset: 4 + side }
}

/** Samples that the encoder added at both ends; undefined without a Xing or Info tag. */
function readLameTag(bytes: Uint8Array, at: number): number | undefined {
  const name = String.fromCharCode(...bytes.subarray(at, at + 4))
  if (name !== 'Xing' && name !== 'Info') return undefined
  const flags = bytes[at + 7]
  const lame = at + 8 + (flags & 1 ? 4 : 0) + (flags & 2 ? 4 : 0) + (flags & 4 ? 100 : 0) + (flags & 8 ? 4 : 0)
  const encoder = String.fromCharCode(...bytes.subarray(lame, lame + 3))
  if ((encoder !== 'LAM' && encoder !== 'Lav') || lame + 24 > bytes.length) return 0
  const packed = (bytes[lame + 21] << 16) | (bytes[lame + 22] << 8) | bytes[lame + 23]
  return (packed >> 12) + (packed & 0xfff)
}
