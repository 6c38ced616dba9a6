import { AudioError } from './errors.ts'
import { opusStream, type OggStream } from './parse-ogg.ts'

/** Opus in WebM or Matroska, as browsers record it. */
export type WebmStream = Omit<Extract<OggStream, { encoding: 'opus' }>, 'container'> & {
  readonly container: 'webm'
  /** Offset and length of each packet. */
  readonly packets: readonly (readonly [number, number])[]
}

// EBML identifiers (RFC 8794, RFC 9559), length marker included.
const EBML = 0x1a45dfa3
const SEGMENT = 0x18538067
const TRACKS = 0x1654ae6b
const TRACK_ENTRY = 0xae
const TRACK_NUMBER = 0xd7
const TRACK_TYPE = 0x83
const CODEC_ID = 0x86
const CODEC_PRIVATE = 0x63a2
const CLUSTER = 0x1f43b675
const BLOCK_GROUP = 0xa0
const BLOCK = 0xa1
const SIMPLE_BLOCK = 0xa3
const DISCARD_PADDING = 0x75a2

const AUDIO = 2
const LACING = 0x06
// These are entered instead of stepped over, so that it does not matter that a recorder left their length open.
const ENTERED = new Set([SEGMENT, TRACKS, TRACK_ENTRY, CLUSTER, BLOCK_GROUP])

type Element = { readonly id: number; readonly start: number; readonly end: number }
type Track = { number?: number; type?: number; codec?: string; head?: Uint8Array }

export function isWebm(view: DataView): boolean {
  return view.byteLength >= 4 && view.getUint32(0) === EBML
}

/** Finds the first track of sound and its packets, whose own headers say how long they are. */
export function parseWebm(bytes: Uint8Array): WebmStream {
  const tracks: Track[] = []
  const packets: [number, number][] = []
  let chosen: Track | undefined
  let samples = 0
  let discarded = 0
  for (const element of elements(bytes)) {
    if (element.id === TRACK_ENTRY) tracks.push({})
    readTrackField(bytes, element, tracks.at(-1))
    if (element.id === DISCARD_PADDING) discarded = readInteger(bytes, element)
    if (element.id !== SIMPLE_BLOCK && element.id !== BLOCK) continue
    chosen ??= chooseTrack(tracks)
    const packet = readBlock(bytes, element, chosen)
    if (packet === undefined) continue
    packets.push(packet)
    samples += packetSamples(bytes, packet)
    discarded = 0
  }
  const { head } = chosen ?? chooseTrack(tracks)
  if (head === undefined || head.length < 19) {
    throw new AudioError('damaged', 'the WebM file does not say how its Opus is to be decoded; record it again')
  }
  // Nanoseconds at the end of the last packet that are not to be heard.
  const last = samples - Math.round((Math.max(0, discarded) * 48) / 1e6)
  return { ...opusStream(head, last), container: 'webm', packets }
}

/** The elements in the order of the file, those that are entered and those within them alike. */
function* elements(bytes: Uint8Array): Generator<Element> {
  for (let at = 0; at < bytes.length;) {
    const id = readVint(bytes, at, true)
    const size = id && readVint(bytes, id.end, false)
    if (!size) return
    const end = size.value === undefined ? bytes.length : size.end + size.value
    const element = { id: id.value ?? 0, start: size.end, end: Math.min(end, bytes.length) }
    if (!ENTERED.has(element.id) && end > bytes.length) return
    yield element
    at = ENTERED.has(element.id) ? element.start : end
  }
}

/** A number of variable length; `value` is undefined where a length is left open. */
function readVint(
  bytes: Uint8Array,
  at: number,
  keepMarker: boolean,
): { readonly value: number | undefined; readonly end: number } | undefined {
  const length = Math.clz32(bytes[at] ?? 0) - 23
  if (length > (keepMarker ? 4 : 8) || at + length > bytes.length) return undefined
  const marker = 2 ** (8 - length)
  let value = keepMarker ? bytes[at] : bytes[at] - marker
  let open = bytes[at] === 2 * marker - 1
  for (let index = 1; index < length; index++) {
    value = value * 256 + bytes[at + index]
    open &&= bytes[at + index] === 0xff
  }
  return { value: open && !keepMarker ? undefined : value, end: at + length }
}

function readTrackField(bytes: Uint8Array, element: Element, track: Track | undefined): void {
  if (track === undefined) return
  const content = bytes.subarray(element.start, element.end)
  if (element.id === TRACK_NUMBER) track.number = readInteger(bytes, element)
  else if (element.id === TRACK_TYPE) track.type = readInteger(bytes, element)
  else if (element.id === CODEC_ID) track.codec = String.fromCharCode(...content.subarray(0, 32))
  else if (element.id === CODEC_PRIVATE) track.head = content
}

function readInteger(bytes: Uint8Array, { start, end }: Element): number {
  let value = 0
  for (let at = start; at < Math.min(end, start + 8); at++) value = value * 256 + bytes[at]
  return value
}

function chooseTrack(tracks: readonly Track[]): Track {
  const sound = tracks.filter(({ type }) => type === AUDIO)
  const opus = sound.find(({ codec }) => codec?.startsWith('A_OPUS') === true)
  if (opus !== undefined) return opus
  const codec = sound[0]?.codec?.replaceAll(/[^\w/.]/g, '')
  const what = codec === undefined ? 'has no sound' : `holds ${codec}, not Opus`
  throw new AudioError(
    'unsupported_encoding',
    `the WebM or Matroska file ${what}; convert it to FLAC or WAV (ffmpeg -i IN OUT.flac)`,
  )
}

/** Where the packet of a block lies; none for another track's. */
function readBlock(bytes: Uint8Array, { start, end }: Element, track: Track): [number, number] | undefined {
  const number = readVint(bytes, start, false)
  // A time of two bytes and a byte of flags follow.
  if (number?.value !== track.number || number === undefined || number.end + 3 >= end) return undefined
  if ((bytes[number.end + 2] & LACING) !== 0) {
    throw new AudioError(
      'unsupported_encoding',
      'the WebM file laces several packets into a block; convert it to FLAC or WAV (ffmpeg -i IN OUT.flac)',
    )
  }
  return [number.end + 3, end - number.end - 3]
}

const MILLISECONDS = { silk: [10, 20, 40, 60], hybrid: [10, 20], celt: [2.5, 5, 10, 20] }

/** Samples of an Opus packet at 48 kHz, by its first byte or two (RFC 6716, section 3.1). */
function packetSamples(bytes: Uint8Array, [start, length]: readonly [number, number]): number {
  const configuration = bytes[start] >> 3
  const milliseconds =
    configuration < 12
      ? MILLISECONDS.silk[configuration & 3]
      : configuration < 16
        ? MILLISECONDS.hybrid[configuration & 1]
        : MILLISECONDS.celt[configuration & 3]
  const code = bytes[start] & 3
  const frames = code === 0 ? 1 : code < 3 ? 2 : length > 1 ? bytes[start + 1] & 63 : 0
  return Math.min(frames * milliseconds, 120) * 48
}
