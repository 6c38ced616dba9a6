import type { DecodedAudio } from './decode-audio.ts'
import { AudioError } from './errors.ts'
import { parseMp3 } from './parse-mp3.ts'
import { oggPackets, parseOgg, type OggStream } from './parse-ogg.ts'
import type { AudioInfo } from './pcm-layout.ts'

/** What a codec gives of a piece of a recording. */
type Piece = { readonly channelData: readonly Float32Array[]; readonly samplesDecoded: number }

// Bytes of an Ogg file that are decoded at once: a bound on what comes of them before it is counted.
const VORBIS_PIECE = 4096

/** Decodes MP3. The codec is loaded when it is first needed. Never gives more than `parseMp3` has found frames for. */
export async function decodeMp3(bytes: Uint8Array): Promise<DecodedAudio> {
  const stream = parseMp3(bytes)
  const { MPEGDecoder } = await import('mpg123-decoder')
  const codec = new MPEGDecoder({ enableGapless: true })
  await codec.ready
  try {
    const pieces: Piece[] = []
    let samples = 0
    for (const [start, length] of stream.frameRanges) {
      if (samples >= stream.frames) break
      const piece = codec.decodeFrame(bytes.subarray(start, start + length))
      pieces.push(piece)
      samples += piece.samplesDecoded
    }
    return joinPieces(stream, pieces, { skip: 0, gain: 1 })
  } catch (error) {
    throw asDamaged(error)
  } finally {
    release(codec)
  }
}

/** Decodes Ogg Vorbis or Ogg Opus, never more than the last page says. */
export async function decodeOgg(bytes: Uint8Array): Promise<DecodedAudio> {
  const stream = parseOgg(bytes)
  return stream.encoding === 'opus' ? decodeOpus(bytes, stream) : decodeVorbis(bytes, stream)
}

/** What a codec throws is about the bytes; that it cannot be loaded is not, and happens before. */
function asDamaged(error: unknown): AudioError {
  if (error instanceof AudioError) return error
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

async function decodeOpus(
  bytes: Uint8Array,
  { opus, ...info }: OggStream & { readonly encoding: 'opus' },
): Promise<DecodedAudio> {
  const { OpusDecoder } = await import('opus-decoder')
  const { streamCount, coupledStreamCount, mapping, preSkip, gain } = opus
  const codec = new OpusDecoder({
    channels: info.channels,
    streamCount,
    coupledStreamCount,
    channelMappingTable: [...mapping],
    sampleRate: opusRate(info.sampleRate),
  })
  await codec.ready
  try {
    const skip = Math.round((preSkip * info.sampleRate) / 48_000)
    const pieces: Piece[] = []
    let samples = 0
    let packets = 0
    for (const packet of oggPackets(bytes)) {
      if (samples >= info.frames + skip) break
      // The first two are headers.
      if (packets++ < 2 || packet.length === 0) continue
      const piece = codec.decodeFrame(packet)
      pieces.push(piece)
      samples += piece.samplesDecoded
    }
    return joinPieces(info, pieces, { skip, gain })
  } catch (error) {
    throw asDamaged(error)
  } finally {
    release(codec)
  }
}

function opusRate(rate: number): 8000 | 12_000 | 16_000 | 24_000 | 48_000 {
  return rate === 8000 || rate === 12_000 || rate === 16_000 || rate === 24_000 ? rate : 48_000
}

async function decodeVorbis(bytes: Uint8Array, stream: OggStream): Promise<DecodedAudio> {
  const { OggVorbisDecoder } = await import('@wasm-audio-decoders/ogg-vorbis')
  const codec = new OggVorbisDecoder()
  await codec.ready
  try {
    const pieces: Piece[] = []
    let samples = 0
    for (let at = 0; at < bytes.length && samples < stream.frames; at += VORBIS_PIECE) {
      const piece = await codec.decode(bytes.subarray(at, at + VORBIS_PIECE))
      pieces.push(piece)
      samples += piece.samplesDecoded
    }
    if (samples < stream.frames) pieces.push(await codec.flush())
    return joinPieces(stream, pieces, { skip: 0, gain: 1 })
  } catch (error) {
    throw asDamaged(error)
  } finally {
    release(codec)
  }
}

type Cut = { readonly skip: number; readonly gain: number }

function joinPieces(info: AudioInfo, pieces: readonly Piece[], { skip, gain }: Cut): DecodedAudio {
  const { container, encoding, sampleRate, channels } = info
  const decoded = pieces.reduce((sum, { samplesDecoded }) => sum + samplesDecoded, 0)
  const frames = Math.min(info.frames, decoded - skip)
  if (frames < 1) throw new AudioError('damaged', 'nothing of the recording can be decoded; copy or export it again')
  const channelData = Array.from({ length: channels }, (_, channel) => {
    const samples = new Float32Array(decoded)
    let at = 0
    for (const piece of pieces) {
      if (piece.samplesDecoded === 0) continue
      samples.set(piece.channelData[channel].subarray(0, piece.samplesDecoded), at)
      at += piece.samplesDecoded
    }
    const kept = samples.subarray(skip, skip + frames)
    return gain === 1 ? kept.slice() : kept.map((sample) => sample * gain)
  })
  return { container, encoding, sampleRate, channels, frames, channelData }
}
