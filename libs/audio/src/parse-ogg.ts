import { AudioError } from './errors.ts'
import { fourCharacters } from './find-chunks.ts'
import { checkRate, type AudioInfo } from './pcm-layout.ts'

/** What Opus needs to be decoded (RFC 7845, section 5.1). */
export type OpusHead = {
  readonly preSkip: number
  /** Factor on the samples. */
  readonly gain: number
  readonly streamCount: number
  readonly coupledStreamCount: number
  readonly mapping: readonly number[]
}

export type OggStream = AudioInfo & { readonly container: 'ogg' } & (
    | { readonly encoding: 'vorbis' }
    | { readonly encoding: 'opus'; readonly opus: OpusHead }
  )

// More would be no recording of a voice.
const MOST_CHANNELS = 8
/** Opus is decoded at one of these; the positions in its pages always count at the last. */
const OPUS_RATES = new Set([8000, 12_000, 16_000, 24_000, 48_000])

type OggPage = {
  readonly serial: number
  /** The position that the page ends at, in samples; -1 when no packet ends on it. */
  readonly position: number
  /** Whether its first packet began on the page before. */
  readonly continued: boolean
  readonly lengths: Uint8Array
  /** Where its content begins. */
  readonly start: number
  readonly end: number
}

export function isOgg(view: DataView): boolean {
  return view.byteLength >= 27 && fourCharacters(view, 0) === 'OggS'
}

/** The pages of an Ogg file (RFC 3533), in order; looks for the next one where something else lies between. */
export function* oggPages(view: DataView): Generator<OggPage> {
  for (let at = 0; at + 27 <= view.byteLength;) {
    const segments = view.getUint8(at + 26)
    const start = at + 27 + segments
    if (view.getUint32(at) !== 0x4f67_6753 || start > view.byteLength) {
      at++
      continue
    }
    const lengths = new Uint8Array(view.buffer, view.byteOffset + at + 27, segments)
    const end = start + lengths.reduce((sum, length) => sum + length, 0)
    if (end > view.byteLength) return
    const position = Number(view.getBigInt64(at + 6, true))
    const continued = (view.getUint8(at + 5) & 1) === 1
    yield { serial: view.getUint32(at + 14, true), position, continued, lengths, start, end }
    at = end
  }
}

/** The packets of the first stream. */
export function* oggPackets(bytes: Uint8Array): Generator<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let serial: number | undefined
  let pending: Uint8Array[] = []
  for (const page of oggPages(view)) {
    serial ??= page.serial
    if (page.serial !== serial) continue
    if (!page.continued) pending = []
    let from = page.start
    let to = page.start
    for (const length of page.lengths) {
      to += length
      if (length === 255) continue
      const last = bytes.subarray(from, to)
      yield pending.length === 0 ? last : concatenate([...pending, last])
      pending = []
      from = to
    }
    if (to > from) pending.push(bytes.subarray(from, to))
  }
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Reads what the first stream of an Ogg file is, and from its last page how long. */
export function parseOgg(bytes: Uint8Array): OggStream {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const head = oggPackets(bytes).next().value ?? new Uint8Array()
  const letters = String.fromCharCode(...head.subarray(0, 8))
  let last = 0
  let serial: number | undefined
  for (const page of oggPages(view)) {
    serial ??= page.serial
    if (page.serial === serial && page.position > last) last = page.position
  }
  if (letters.startsWith('\u0001vorbis') && head.length >= 30) return vorbisStream(head, last)
  if (letters === 'OpusHead' && head.length >= 19) return opusStream(head, last)
  const what = letters.slice(1, 5) === 'FLAC' ? 'FLAC in Ogg' : letters.startsWith('Speex') ? 'Speex' : 'unknown'
  throw new AudioError(
    'unsupported_encoding',
    `the Ogg file's sound is ${what}; convert it to FLAC or WAV (ffmpeg -i IN OUT.flac)`,
  )
}

function vorbisStream(head: Uint8Array, last: number): OggStream {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  const sampleRate = view.getUint32(12, true)
  const channels = head[11]
  check(sampleRate, channels, last)
  return { container: 'ogg', encoding: 'vorbis', sampleRate, channels, frames: last }
}

/**
 * Opus by its header and the number of samples at 48 kHz, those to be skipped included. Like libsndfile, at the rate that was
 * encoded if Opus has it.
 */
export function opusStream(head: Uint8Array, last: number): Extract<OggStream, { encoding: 'opus' }> {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  const original = view.getUint32(12, true)
  const sampleRate = OPUS_RATES.has(original) ? original : 48_000
  const channels = head[9]
  const preSkip = view.getUint16(10, true)
  const frames = Math.floor(((last - preSkip) * sampleRate) / 48_000)
  check(sampleRate, channels, frames)
  const opus = { preSkip, gain: 10 ** (view.getInt16(16, true) / 5120), ...channelMapping(head, channels) }
  return { container: 'ogg', encoding: 'opus', sampleRate, channels, frames, opus }
}

function channelMapping(
  head: Uint8Array,
  channels: number,
): Pick<OpusHead, 'streamCount' | 'coupledStreamCount' | 'mapping'> {
  if (head[18] === 0 && channels <= 2) {
    return { streamCount: 1, coupledStreamCount: channels - 1, mapping: channels === 2 ? [0, 1] : [0] }
  }
  const mapping = Array.from(head.subarray(21, 21 + channels))
  const [streamCount, coupledStreamCount] = [head[19], head[20]]
  const streams = streamCount + coupledStreamCount
  if (mapping.length < channels || streamCount < 1 || coupledStreamCount > streamCount || streams > 255) {
    throw new AudioError('damaged', 'the Opus file does not say which channel is which; export it again')
  }
  if (mapping.some((index) => index >= streams)) throw new AudioError('damaged', 'the Opus file maps no such stream')
  return { streamCount, coupledStreamCount, mapping }
}

function check(sampleRate: number, channels: number, frames: number): void {
  checkRate(sampleRate)
  if (channels < 1 || channels > MOST_CHANNELS) {
    throw new AudioError('unsupported_encoding', `the recording has ${channels} channels; mix it down to fewer`)
  }
  if (frames < 1) throw new AudioError('empty', 'the recording has a header but no samples; leave it out')
}
