import { AudioError } from './errors.ts'
import { ENCODINGS, type Encoding } from './sample-encodings.ts'

/** What a recording is, as far as its header says and its length allows. */
export type AudioInfo = {
  readonly container: 'wav' | 'aiff' | 'flac' | 'mp3' | 'ogg' | 'webm'
  readonly encoding: string
  /** Hz. */
  readonly sampleRate: number
  readonly channels: number
  /** Samples a channel that are really there. */
  readonly frames: number
}

/** Where the samples of an uncompressed recording lie. */
export type PcmLayout = AudioInfo & {
  readonly encoding: Encoding
  readonly littleEndian: boolean
  /** Byte offset of the first sample. */
  readonly dataStart: number
  /** Bytes a sample: more than the encoding's where samples lie left-justified in wider containers. */
  readonly sampleBytes: number
}

export const LOWEST_RATE = 8000
export const HIGHEST_RATE = 192_000

/** Refuses a rate that nothing here can resample well. */
export function checkRate(sampleRate: number): void {
  if (!Number.isInteger(sampleRate) || !(sampleRate >= LOWEST_RATE && sampleRate <= HIGHEST_RATE)) {
    throw new AudioError(
      'rate_out_of_range',
      `the sample rate is ${sampleRate} Hz; convert the recording to one from ${LOWEST_RATE} to ${HIGHEST_RATE} Hz`,
    )
  }
}

export type LayoutParts = Omit<PcmLayout, 'frames' | 'sampleBytes'> & {
  /** Bytes of sample data that the header claims. */
  readonly dataBytes: number
  /** Bytes of the whole file. */
  readonly fileBytes: number
}

/** Checks what a header says; clips the data to the end of the file, as libsndfile does. */
export function pcmLayout({ dataBytes, fileBytes, ...parts }: LayoutParts): PcmLayout {
  const { channels, encoding, dataStart, sampleRate } = parts
  if (channels < 1) throw new AudioError('damaged', 'the header says that the recording has no channels')
  checkRate(sampleRate)
  const sampleBytes = ENCODINGS[encoding].bytes
  const present = Math.min(dataBytes, fileBytes - dataStart)
  const frames = Math.floor(present / (sampleBytes * channels))
  if (frames < 1) {
    throw new AudioError('empty', 'the recording has a header but no samples; export it again or leave it out')
  }
  return { ...parts, frames, sampleBytes }
}
