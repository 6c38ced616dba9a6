import { createWaveformReader, probeAudio, streamReceived, streamWaveformAsync } from '@ser/audio'
import { featureLength, featureRanges, type FeatureSpec } from '@ser/contracts'
import { createRowExtractor, createStreamingExtractor, encodeMatrix } from '@ser/features'

/** A vector of [F] values; or with `frames` pooling the matrix, as it is stored (`decodeMatrix` of @ser/features). */
export type FeatureValues = Float32Array | Uint8Array<ArrayBuffer>

/** Computes the vectors of recordings; tables are kept from one to the next. Rejects with AudioError and FeatureError. */
export type VectorComputer = {
  readonly compute: (bytes: Uint8Array) => Promise<FeatureValues>
  /** The same for a recording that is still on its way, `fileBytes` long. With `mean` pooling it is never held whole. */
  readonly computeReceived: (chunks: AsyncIterable<Uint8Array>, fileBytes: number) => Promise<FeatureValues>
}

export type ComputerOptions = {
  /** What a recording may last, in seconds; with `frames` pooling at most ten minutes. */
  readonly maxSeconds: number
}

// Longer ones pass through in blocks, so that a thread's memory does not grow with them.
const LONG_SECONDS = 120
/** Without pooling the result grows with the recording: 18 MB for so many seconds, and half as much stored. */
const MOST_SECONDS_OF_FRAMES = 600
const NO_COLUMNS = [0, 0] as const

/** Decode, mix down, resample, features. */
export function createVectorComputer(spec: FeatureSpec, { maxSeconds }: ComputerOptions): VectorComputer {
  const pooled = spec.pooling === 'mean'
  const extract = createComputer(spec)
  const limits = {
    sampleRate: spec.sampleRate,
    maxSeconds: pooled ? maxSeconds : Math.min(maxSeconds, MOST_SECONDS_OF_FRAMES),
  }
  const read = createWaveformReader(limits)
  return {
    async compute(bytes) {
      if (pooled && isLong(bytes)) return extractInBlocks(streamWaveformAsync(bytes, limits), spec, maxSeconds)
      return read(bytes, ({ samples }) => extract(samples))
    },
    async computeReceived(chunks, fileBytes) {
      const blocks = streamReceived(chunks, { ...limits, fileBytes })
      return pooled ? extractInBlocks(blocks, spec, maxSeconds) : extract(await joinBlocks(blocks))
    },
  }
}

function createComputer(spec: FeatureSpec): (samples: Float32Array) => FeatureValues {
  const toRows = createRowExtractor(spec)
  if (spec.pooling === 'mean') return toRows
  const columns = { columns: featureLength(spec), power: featureRanges(spec).mel ?? NO_COLUMNS }
  return (samples) => encodeMatrix(toRows(samples), columns)
}

function isLong(bytes: Uint8Array): boolean {
  const { frames, sampleRate } = probeAudio(bytes)
  return frames > LONG_SECONDS * sampleRate
}

async function extractInBlocks(
  blocks: AsyncIterable<Float32Array>,
  spec: FeatureSpec,
  maxSeconds: number,
): Promise<Float32Array> {
  // The decoder says how long the recording is; a second more leaves room for the resampler's rounding.
  const extractor = createStreamingExtractor(spec, { maxSeconds: maxSeconds + 1 })
  for await (const block of blocks) extractor.push(block)
  return extractor.finish()
}

async function joinBlocks(blocks: AsyncIterable<Float32Array>): Promise<Float32Array> {
  const received: Float32Array[] = []
  for await (const block of blocks) received.push(block)
  const samples = new Float32Array(received.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const block of received) {
    samples.set(block, at)
    at += block.length
  }
  return samples
}
