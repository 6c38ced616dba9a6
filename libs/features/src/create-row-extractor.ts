import { createExtractor } from './create-extractor.ts'
import type { FeatureSpec, LibrosaSpec } from './feature-spec.ts'
import { joinFrameGroups } from './join-frame-groups.ts'
import { createFrameDescriber, createVoicePool } from './voice/voice-extractor.ts'
import type { VoiceSpec } from './voice/voice-spec.ts'

/**
 * Makes what a model sees of a recording, whatever its features: one row of values, or with pooling `frames` one a frame (of a voice
 * one a block).
 *
 * @returns row-major [rows][F]
 * @throws FeatureError as `createExtractor`; the extractor as `extractFeatures`
 */
export function createRowExtractor(spec: FeatureSpec): (samples: Float32Array) => Float32Array {
  const extract = createRowExtractors([spec])
  return (samples) => extract(samples)[0]
}

/**
 * The same for several specs of one sample rate, in their order. What they have in common is computed once: equal specs share their
 * rows, and all specs of a voice the description of its frames, which is most of the work.
 */
export function createRowExtractors(specs: readonly FeatureSpec[]): (samples: Float32Array) => Float32Array[] {
  const keys = specs.map(keyOf)
  const different = [...new Map(specs.map((spec, index) => [keys[index], spec])).values()]
  const voices = different.filter((spec) => spec.kind === 'voice')
  const extractors = [
    ...(voices.length === 0 ? [] : [extractVoices(voices)]),
    ...different.filter((spec) => spec.kind === undefined).map(extractLibrosa),
  ]
  return (samples) => {
    const rows = new Map(extractors.flatMap((extract) => extract(samples)))
    return keys.map((key) => rows.get(key)!)
  }
}

/** Rows by the key of their spec. */
type KeyedRows = readonly (readonly [key: string, rows: Float32Array])[]

function extractVoices(specs: readonly VoiceSpec[]): (samples: Float32Array) => KeyedRows {
  const pools = specs.map((spec) => [keyOf(spec), createVoicePool(spec)] as const)
  const describe = createFrameDescriber()
  return (samples) => {
    const tracks = describe(samples)
    return pools.map(([key, pool]) => [key, pool(tracks)])
  }
}

function extractLibrosa(spec: LibrosaSpec): (samples: Float32Array) => KeyedRows {
  const key = keyOf(spec)
  const extractor = createExtractor(spec)
  return spec.pooling === 'mean'
    ? (samples) => [[key, extractor.extract(samples)]]
    : (samples) => [[key, joinFrameGroups(extractor.extractFrames(samples))]]
}

function keyOf(spec: FeatureSpec): string {
  return JSON.stringify(Object.entries(spec).sort(([a], [b]) => (a < b ? -1 : 1)))
}
