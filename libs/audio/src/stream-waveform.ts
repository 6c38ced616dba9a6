import { checkLength, decodeChannel, type DecodeOptions } from './decode-audio.ts'
import { flacBlocks } from './decode-flac.ts'
import { AudioError } from './errors.ts'
import type { LoadOptions } from './load-waveform.ts'
import { mixDown } from './mix-down.ts'
import { parseFlac } from './parse-flac.ts'
import { audioFormat, findPcm, probeAudio } from './probe-audio.ts'
import { createStreamResampler } from './resample-stream.ts'

const FRAMES_A_BLOCK = 65_536

/**
 * Decodes WAV, AIFF or FLAC block by block, an array a channel: what `decodeAudio` gives, without holding it all.
 *
 * @throws AudioError as `decodeAudio`, the first time that something is asked for
 */
export function* decodeBlocks(bytes: Uint8Array, options: DecodeOptions = {}): Generator<Float32Array[]> {
  const format = audioFormat(bytes)
  if (format === 'mp3' || format === 'ogg') {
    throw new AudioError('unsupported_encoding', `${format} is decoded as a whole only, by decodeAudioAsync`)
  }
  checkLength(bytes, options)
  if (format === 'flac') yield* flacBlocks(bytes, parseFlac(bytes))
  else yield* pcmBlocks(bytes)
}

function* pcmBlocks(bytes: Uint8Array): Generator<Float32Array[]> {
  const layout = findPcm(bytes)
  const { channels, sampleBytes, dataStart } = layout
  for (let first = 0; first < layout.frames; first += FRAMES_A_BLOCK) {
    const block = {
      ...layout,
      dataStart: dataStart + first * sampleBytes * channels,
      frames: Math.min(FRAMES_A_BLOCK, layout.frames - first),
    }
    yield Array.from({ length: channels }, (_, channel) => decodeChannel(bytes, block, channel, first))
  }
}

/**
 * `loadWaveform` for long recordings: mono blocks at the wanted rate, of any length, which together are bit for bit
 * what it gives. Memory does not grow with the recording.
 *
 * @throws AudioError as `decodeBlocks`
 * @example for (const block of streamWaveform(bytes, { maxSeconds: 7200 })) extractor.push(block)
 */
export function* streamWaveform(bytes: Uint8Array, options: LoadOptions = {}): Generator<Float32Array> {
  const { sampleRate = 22_050 } = options
  const resampler = createStreamResampler(probeAudio(bytes).sampleRate, sampleRate)
  for (const channelData of decodeBlocks(bytes, options)) {
    const samples = resampler.push(mixDown({ channelData }))
    if (samples.length > 0) yield samples
  }
  yield resampler.finish()
}
