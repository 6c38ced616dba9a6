export {
  decodeAudio,
  decodeAudioAsync,
  DEFAULT_MAX_SECONDS,
  type DecodedAudio,
  type DecodeOptions,
} from './decode-audio.ts'
export { encodeWav, type WavEncoding, type WavSource } from './encode-wav.ts'
export { AudioError, type AudioErrorCode } from './errors.ts'
export {
  createAsyncWaveformLoader,
  createWaveformLoader,
  createWaveformReader,
  loadWaveform,
  type AsyncWaveformLoader,
  type LoadOptions,
  type Waveform,
  type WaveformLoader,
  type WaveformReader,
} from './load-waveform.ts'
export { streamReceived, type ReceivedOptions } from './stream-received.ts'
export { mixDown } from './mix-down.ts'
export { type AudioInfo } from './pcm-layout.ts'
export { probeAudio } from './probe-audio.ts'
export { createResampler, resample, type Resampler } from './resample.ts'
export { createStreamResampler, type StreamResampler } from './resample-stream.ts'
export { decodeBlocks, decodeBlocksAsync, streamWaveform, streamWaveformAsync } from './stream-waveform.ts'
