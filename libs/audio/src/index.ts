export { decodeAudio, type DecodedAudio } from './decode-audio.ts'
export { encodeWav, type WavEncoding, type WavSource } from './encode-wav.ts'
export { AudioError, type AudioErrorCode } from './errors.ts'
export {
  createWaveformLoader,
  DEFAULT_MAX_SECONDS,
  loadWaveform,
  type LoadOptions,
  type Waveform,
  type WaveformLoader,
} from './load-waveform.ts'
export { mixDown } from './mix-down.ts'
export { type AudioInfo } from './pcm-layout.ts'
export { probeAudio } from './probe-audio.ts'
export { createResampler, resample, type Resampler } from './resample.ts'
