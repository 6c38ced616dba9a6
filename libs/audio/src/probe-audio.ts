import { AudioError } from './errors.ts'
import { isAiff, parseAiff } from './parse-aiff.ts'
import { isWav, parseWav } from './parse-wav.ts'
import type { AudioInfo, PcmLayout } from './pcm-layout.ts'

/**
 * Proves that bytes are a recording that can be decoded, and says what it is. Reads the header only; looks at the
 * content, never at a name.
 *
 * @throws AudioError with a code and a message that says what to do
 */
export function probeAudio(bytes: Uint8Array): AudioInfo {
  const { container, encoding, sampleRate, channels, frames } = findPcm(bytes)
  return { container, encoding, sampleRate, channels, frames }
}

/** Finds the samples of an uncompressed recording. */
export function findPcm(bytes: Uint8Array): PcmLayout {
  if (bytes.length === 0) throw new AudioError('empty', 'the file is empty; copy it again or leave it out')
  const view = viewOf(bytes)
  if (isWav(view)) return parseWav(view)
  if (isAiff(view)) return parseAiff(view)
  const known = compressedFormat(view)
  if (known) {
    throw new AudioError(
      'unsupported_encoding',
      `the file is ${known}; convert it to WAV (ffmpeg -i IN -c:a pcm_s16le OUT.wav)`,
    )
  }
  throw new AudioError('not_audio', 'the file is not a WAV or AIFF recording (its content says so, whatever its name)')
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Names well-known formats that are not decoded, so that a person knows what to convert. */
function compressedFormat(view: DataView): string | undefined {
  const start = String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset, Math.min(view.byteLength, 8)))
  const starts = (text: string, at = 0): boolean => start.startsWith(text, at)
  if (starts('fLaC')) return 'FLAC'
  if (starts('OggS')) return 'Ogg'
  if (starts('ID3')) return 'MP3'
  if (starts('ftyp', 4)) return 'MP4 or M4A'
  if (starts('caff')) return 'Core Audio'
  if (starts('.snd')) return 'Sun AU'
  if (view.byteLength >= 2 && view.getUint8(0) === 0xff && (view.getUint8(1) & 0xe0) === 0xe0) return 'MP3 or AAC'
  return undefined
}
