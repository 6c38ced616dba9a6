import { checkSeconds, decodeChannel } from './decode-audio.ts'
import { AudioError } from './errors.ts'
import type { LoadOptions } from './load-waveform.ts'
import { mixDown } from './mix-down.ts'
import type { PcmLayout } from './pcm-layout.ts'
import { audioFormat, findPcm } from './probe-audio.ts'
import { createReceiver, type Receiver } from './receive-bytes.ts'
import { createStreamResampler } from './resample-stream.ts'
import { FRAMES_A_BLOCK, streamWaveformAsync } from './stream-waveform.ts'

export type ReceivedOptions = LoadOptions & {
  /** Bytes of the whole file. */
  readonly fileBytes: number
}

// A header lies in what is looked at first, or the file is taken as a whole.
const HEAD_BYTES = 2 ** 20

/**
 * `streamWaveformAsync` for a recording that is still on its way: bit for bit the same samples. Of WAV and AIFF no more
 * than a mebibyte or a block is held, however long they are; other formats must be whole before they are decoded, and
 * take their own length in memory.
 *
 * @throws AudioError (as a rejection) as `decodeAudioAsync`, `too_long` before the samples are received; errors of `chunks`
 */
export async function* streamReceived(
  chunks: AsyncIterable<Uint8Array>,
  { fileBytes, ...options }: ReceivedOptions,
): AsyncGenerator<Float32Array> {
  const receiver = createReceiver(chunks)
  try {
    const layout = findSamples(await receiver.peek(HEAD_BYTES), fileBytes)
    if (layout === undefined) yield* streamWaveformAsync(await receiver.rest(), options)
    else yield* streamPcm(receiver, layout, options)
  } finally {
    await receiver.close()
  }
}

/** Where the samples lie, when the beginning of the file says so. */
function findSamples(head: Uint8Array, fileBytes: number): PcmLayout | undefined {
  const format = audioFormat(head)
  if (format !== 'wav' && format !== 'aiff') return undefined
  try {
    return findPcm(head, fileBytes)
  } catch (error) {
    // Chunks may come before the samples that are longer than the head.
    if (error instanceof AudioError && error.code === 'truncated_header' && head.length < fileBytes) return undefined
    throw error
  }
}

async function* streamPcm(receiver: Receiver, layout: PcmLayout, options: LoadOptions): AsyncGenerator<Float32Array> {
  checkSeconds(layout, options)
  const { channels, frames, sampleBytes, dataStart, sampleRate } = layout
  const resampler = createStreamResampler(sampleRate, options.sampleRate ?? 22_050)
  const frameBytes = channels * sampleBytes
  await receiver.take(dataStart)
  for (let first = 0; first < frames; first += FRAMES_A_BLOCK) {
    const bytes = await receiver.take(Math.min(FRAMES_A_BLOCK, frames - first) * frameBytes)
    const block = { ...layout, dataStart: 0, frames: Math.floor(bytes.length / frameBytes) }
    const channelData = Array.from({ length: channels }, (_, channel) => decodeChannel(bytes, block, channel, first))
    const samples = resampler.push(mixDown({ channelData }))
    if (samples.length > 0) yield samples
  }
  yield resampler.finish()
}
