import { AudioError } from './errors.ts'
import { isAiff, parseAiff } from './parse-aiff.ts'
import { isFlac, parseFlac } from './parse-flac.ts'
import { isMp3, parseMp3 } from './parse-mp3.ts'
import { isOgg, parseOgg } from './parse-ogg.ts'
import { isWebm, parseWebm } from './parse-webm.ts'
import { isWav, parseWav } from './parse-wav.ts'
import type { AudioInfo, PcmLayout } from './pcm-layout.ts'

/**
 * Proves that bytes are a recording that can be decoded, and says what it is. Looks at the content, never at a name;
 * decodes nothing (of MP3, Ogg and WebM it walks over all frames, pages or blocks, which say how long they are).
 *
 * @throws AudioError with a code and a message that says what to do
 */
export function probeAudio(bytes: Uint8Array): AudioInfo {
  const { container, encoding, sampleRate, channels, frames } = parseHeader(bytes)
  return { container, encoding, sampleRate, channels, frames }
}

export type AudioFormat = 'wav' | 'aiff' | 'flac' | 'mp3' | 'ogg' | 'webm'

/** What the bytes are, by their beginning. */
export function audioFormat(bytes: Uint8Array): AudioFormat {
  if (bytes.length === 0) throw new AudioError('empty', 'the file is empty; copy it again or leave it out')
  const view = viewOf(bytes)
  if (isWav(view)) return 'wav'
  if (isAiff(view)) return 'aiff'
  if (isFlac(bytes)) return 'flac'
  if (isOgg(view)) return 'ogg'
  if (isWebm(view)) return 'webm'
  if (isMp3(bytes)) return 'mp3'
  const known = otherFormat(view)
  if (known) {
    throw new AudioError(
      'unsupported_encoding',
      `the file is ${known}; convert it to FLAC or WAV (ffmpeg -i IN -c:a flac OUT.flac)`,
    )
  }
  throw new AudioError(
    'not_audio',
    'the file is not a WAV, AIFF, FLAC, MP3, Ogg or WebM recording (its content says so, whatever its name)',
  )
}

function parseHeader(bytes: Uint8Array): AudioInfo {
  switch (audioFormat(bytes)) {
    case 'flac':
      return parseFlac(bytes)
    case 'mp3':
      return parseMp3(bytes)
    case 'ogg':
      return parseOgg(bytes)
    case 'webm':
      return parseWebm(bytes)
    default:
      return findPcm(bytes)
  }
}

/** Finds the samples of an uncompressed recording; `fileBytes` where the bytes are only its beginning. */
export function findPcm(bytes: Uint8Array, fileBytes = bytes.length): PcmLayout {
  const view = viewOf(bytes)
  return isWav(view) ? parseWav(view, fileBytes) : parseAiff(view, fileBytes)
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Names well-known formats that are not decoded, so that a person knows what to convert. */
function otherFormat(view: DataView): string | undefined {
  const start = String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset, Math.min(view.byteLength, 8)))
  if (start.startsWith('ftyp', 4)) return 'MP4 or M4A'
  if (start.startsWith('caff')) return 'Core Audio'
  if (start.startsWith('.snd')) return 'Sun AU'
  if (start.startsWith('ID3')) return 'tagged as MP3 but has no sound that is known'
  if (view.byteLength >= 2 && view.getUint8(0) === 0xff && (view.getUint8(1) & 0xf6) === 0xf0) return 'AAC'
  return undefined
}
