import { AudioError } from './errors.ts'
import type { AudioInfo, PcmLayout } from './pcm-layout.ts'
import { findPcm, viewOf } from './probe-audio.ts'
import { ENCODINGS } from './sample-encodings.ts'

/** A recording's samples, one array a channel, full scale 1. */
export type DecodedAudio = AudioInfo & { readonly channelData: Float32Array[] }

/**
 * Decodes a recording. Integers are scaled as libsndfile scales them: 16 bits / 32768, 24 bits / 8388608,
 * 8 bits unsigned (x - 128) / 128. Memory taken: 4 bytes a sample that the file really has.
 *
 * @throws AudioError as `probeAudio`, and `not_finite`
 */
export function decodeAudio(bytes: Uint8Array): DecodedAudio {
  const layout = findPcm(bytes)
  const { container, encoding, sampleRate, channels, frames } = layout
  const channelData = Array.from({ length: channels }, (_, channel) => decodeChannel(bytes, layout, channel))
  return { container, encoding, sampleRate, channels, frames, channelData }
}

function decodeChannel(bytes: Uint8Array, layout: PcmLayout, channel: number): Float32Array {
  const { encoding, littleEndian, dataStart, sampleBytes, channels, frames } = layout
  const samples = new Float32Array(frames)
  const offset = dataStart + channel * sampleBytes
  ENCODINGS[encoding].read({ view: viewOf(bytes), littleEndian, offset, stride: sampleBytes * channels }, samples)
  if (encoding === 'float32' || encoding === 'float64') checkFinite(samples)
  return samples
}

function checkFinite(samples: Float32Array): void {
  for (let i = 0; i < samples.length; i++) {
    if (!Number.isFinite(samples[i])) {
      throw new AudioError(
        'not_finite',
        `sample ${i} is ${samples[i]}; the program that wrote the file failed: export it again`,
      )
    }
  }
}
