import type { Encoding } from './sample-encodings.ts'

/** Encodings that `encodeWav` writes. */
export type WavEncoding = Extract<Encoding, 'pcm_u8' | 'pcm_s16' | 'pcm_s24' | 'float32'>

export type WavSource = {
  /** One channel, or one array a channel, equally long; full scale 1. */
  readonly samples: Float32Array | readonly Float32Array[]
  /** Hz, a whole number. */
  readonly sampleRate: number
}

type Writer = {
  readonly tag: 1 | 3
  readonly bytes: number
  readonly put: (view: DataView, at: number, sample: number) => void
}

const WRITERS: Readonly<Record<WavEncoding, Writer>> = {
  pcm_u8: { tag: 1, bytes: 1, put: (view, at, sample) => view.setUint8(at, scaled(sample, 128) + 128) },
  pcm_s16: { tag: 1, bytes: 2, put: (view, at, sample) => view.setInt16(at, scaled(sample, 32_768), true) },
  pcm_s24: { tag: 1, bytes: 3, put: putS24 },
  float32: { tag: 3, bytes: 4, put: (view, at, sample) => view.setFloat32(at, sample, true) },
}

/**
 * Writes a WAV file. Integers are the inverse of `decodeAudio`: 16 bits x 32768, rounded and clipped, so that
 * samples that were decoded from such a file come back unchanged.
 */
export function encodeWav({ samples, sampleRate }: WavSource, encoding: WavEncoding = 'pcm_s16'): Uint8Array {
  const channels = samples instanceof Float32Array ? [samples] : samples
  const frames = channels[0]?.length ?? 0
  const { tag, bytes, put } = WRITERS[encoding]
  const blockBytes = bytes * channels.length
  const dataBytes = frames * blockBytes
  const file = new Uint8Array(44 + dataBytes + (dataBytes & 1))
  const view = new DataView(file.buffer)
  writeHeader(view, { tag, bytes, channels: channels.length, sampleRate, dataBytes })
  channels.forEach((channel, index) => {
    for (let frame = 0; frame < frames; frame++) put(view, 44 + frame * blockBytes + index * bytes, channel[frame])
  })
  return file
}

type Header = { tag: number; bytes: number; channels: number; sampleRate: number; dataBytes: number }

function writeHeader(view: DataView, { tag, bytes, channels, sampleRate, dataBytes }: Header): void {
  writeText(view, 0, 'RIFF')
  view.setUint32(4, view.byteLength - 8, true)
  writeText(view, 8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, tag, true)
  view.setUint16(22, channels, true)
  view.setUint32(24, sampleRate, true)
  view.setUint32(28, sampleRate * channels * bytes, true)
  view.setUint16(32, channels * bytes, true)
  view.setUint16(34, bytes * 8, true)
  writeText(view, 36, 'data')
  view.setUint32(40, dataBytes, true)
}

function writeText(view: DataView, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) view.setUint8(at + i, text.charCodeAt(i))
}

/** Scales to integers of `-scale .. scale - 1`. */
function scaled(sample: number, scale: number): number {
  return Math.max(-scale, Math.min(scale - 1, Math.round(sample * scale)))
}

function putS24(view: DataView, at: number, sample: number): void {
  const value = scaled(sample, 8_388_608)
  view.setUint16(at, value & 0xffff, true)
  view.setInt8(at + 2, value >> 16)
}
