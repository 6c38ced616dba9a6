import type { DecodedAudio } from './decode-audio.ts'
import { AudioError } from './errors.ts'
import { parseMp3, type Mp3Stream } from './parse-mp3.ts'
import { oggPackets, parseOgg, type OggStream } from './parse-ogg.ts'
import { parseWebm } from './parse-webm.ts'
import type { AudioInfo } from './pcm-layout.ts'

/** What a codec gives of a piece of a recording. */
type Piece = { readonly channelData: readonly Float32Array[]; readonly samplesDecoded: number }

/** A recording on its way through a codec: `skip` samples at its beginning are not heard, and `gain` is a factor. */
type Decoding = {
  readonly info: AudioInfo
  readonly pieces: AsyncGenerator<Piece>
  readonly skip: number
  readonly gain: number
}

export type CompressedFormat = 'mp3' | 'ogg' | 'webm'

// Bytes of an Ogg file that are decoded at once: a bound on what comes of them before it is counted.
const VORBIS_PIECE = 4096

/**
 * Decodes MP3, Ogg Vorbis, Ogg Opus or Opus in WebM, never more than the file says it has. The codec is loaded when it is first needed.
 */
export async function decodeCompressed(bytes: Uint8Array, format: CompressedFormat): Promise<DecodedAudio> {
  const decoding = openDecoding(bytes, format)
  const blocks: Float32Array[][] = []
  for await (const block of cutBlocks(decoding)) blocks.push(block)
  const frames = blocks.reduce((sum, [first]) => sum + first.length, 0)
  const { container, encoding, sampleRate, channels } = decoding.info
  const channelData = Array.from({ length: channels }, (_, channel) => {
    const samples = new Float32Array(frames)
    let at = 0
    for (const block of blocks) {
      samples.set(block[channel], at)
      at += block[channel].length
    }
    return samples
  })
  return { container, encoding, sampleRate, channels, frames, channelData }
}

/** The same block by block, an array a channel; a block is as long as a packet or a few. */
export async function* compressedBlocks(bytes: Uint8Array, format: CompressedFormat): AsyncGenerator<Float32Array[]> {
  yield* cutBlocks(openDecoding(bytes, format))
}

function openDecoding(bytes: Uint8Array, format: CompressedFormat): Decoding {
  if (format === 'mp3') {
    const stream = parseMp3(bytes)
    return { info: stream, pieces: mp3Pieces(bytes, stream), skip: 0, gain: 1 }
  }
  if (format === 'webm') {
    const { packets, ...stream } = parseWebm(bytes)
    return openOpus(
      stream,
      packets.map(([start, length]) => bytes.subarray(start, start + length)),
    )
  }
  const stream = parseOgg(bytes)
  if (stream.encoding === 'opus') return openOpus(stream, opusPackets(bytes))
  return { info: stream, pieces: vorbisPieces(bytes, stream), skip: 0, gain: 1 }
}

type OpusStream = AudioInfo & Pick<Extract<OggStream, { encoding: 'opus' }>, 'opus'>

function openOpus({ opus, ...info }: OpusStream, packets: Iterable<Uint8Array>): Decoding {
  const skip = Math.round((opus.preSkip * info.sampleRate) / 48_000)
  return { info, pieces: opusPieces({ opus, ...info }, packets), skip, gain: opus.gain }
}

/** Those with sound: the first two are headers. */
function* opusPackets(bytes: Uint8Array): Generator<Uint8Array> {
  let packets = 0
  for (const packet of oggPackets(bytes)) {
    if (packets++ >= 2 && packet.length > 0) yield packet
  }
}

/** Cuts what comes out of the codec to what is to be heard. */
async function* cutBlocks({ info, pieces, skip, gain }: Decoding): AsyncGenerator<Float32Array[]> {
  let unheard = skip
  let missing = info.frames
  try {
    for await (const { channelData, samplesDecoded } of pieces) {
      const from = Math.min(unheard, samplesDecoded)
      unheard -= from
      const count = Math.min(missing, samplesDecoded - from)
      if (count < 1) continue
      missing -= count
      yield Array.from({ length: info.channels }, (_, channel) => {
        const samples = channelData[channel].subarray(from, from + count)
        return gain === 1 ? samples : samples.map((sample) => sample * gain)
      })
      if (missing === 0) break
    }
  } catch (error) {
    throw asDamaged(error)
  }
  if (missing === info.frames) {
    throw new AudioError('damaged', 'nothing of the recording can be decoded; copy or export it again')
  }
}

/** What a codec throws is about the bytes. */
function asDamaged(error: unknown): unknown {
  // That a codec cannot be loaded is not.
  if (error instanceof AudioError || (error instanceof Error && 'code' in error)) return error
  return new AudioError('damaged', 'the recording cannot be decoded; copy or export it again', error)
}

/** Damage can leave a codec that traps even here. Its memory is its own and goes with it; what it gave is not to be trusted. */
function release(codec: { free(): void }): void {
  try {
    codec.free()
  } catch (error) {
    throw asDamaged(error)
  }
}

async function* mp3Pieces(bytes: Uint8Array, stream: Mp3Stream): AsyncGenerator<Piece> {
  const { MPEGDecoder } = await import('mpg123-decoder')
  const codec = new MPEGDecoder({ enableGapless: true })
  await codec.ready
  try {
    for (const [start, length] of stream.frameRanges) yield codec.decodeFrame(bytes.subarray(start, start + length))
  } finally {
    release(codec)
  }
}

async function* opusPieces({ opus, ...info }: OpusStream, packets: Iterable<Uint8Array>): AsyncGenerator<Piece> {
  const { OpusDecoder } = await import('opus-decoder')
  const { streamCount, coupledStreamCount, mapping } = opus
  const codec = new OpusDecoder({
    channels: info.channels,
    streamCount,
    coupledStreamCount,
    channelMappingTable: [...mapping],
    sampleRate: opusRate(info.sampleRate),
  })
  await codec.ready
  try {
    for (const packet of packets) yield codec.decodeFrame(packet)
  } finally {
    release(codec)
  }
}

function opusRate(rate: number): 8000 | 12_000 | 16_000 | 24_000 | 48_000 {
  return rate === 8000 || rate === 12_000 || rate === 16_000 || rate === 24_000 ? rate : 48_000
}

async function* vorbisPieces(bytes: Uint8Array, stream: OggStream): AsyncGenerator<Piece> {
  const { OggVorbisDecoder } = await import('@wasm-audio-decoders/ogg-vorbis')
  const codec = new OggVorbisDecoder()
  await codec.ready
  try {
    let samples = 0
    for (let at = 0; at < bytes.length && samples < stream.frames; at += VORBIS_PIECE) {
      const piece = await codec.decode(bytes.subarray(at, at + VORBIS_PIECE))
      samples += piece.samplesDecoded
      yield piece
    }
    if (samples < stream.frames) yield await codec.flush()
  } finally {
    release(codec)
  }
}
