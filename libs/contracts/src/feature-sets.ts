import { z } from 'zod'
import { contentHash } from './canonical-json.ts'

/**
 * librosa's features, by its names and defaults.
 * `pooling: 'mean'` averages every feature over time into one vector; `'frames'` keeps the matrix.
 */
const librosaSpecSchema = z
  .strictObject({
    /** Absent: older specs keep their identity. */
    kind: z.undefined().optional().meta({ not: {} }),
    sampleRate: z.int().min(8000).max(192_000).default(22_050),
    nFft: z.int().min(64).max(16_384).default(2048),
    hopLength: z.int().min(16).max(16_384).default(512),
    window: z.literal('hann').default('hann'),
    nMels: z.int().min(1).max(512).default(128),
    nMfcc: z.int().min(1).max(128).default(40),
    pooling: z.enum(['mean', 'frames']).default('mean'),
  })
  .refine(({ nFft }) => (nFft & (nFft - 1)) === 0, { path: ['nFft'], error: 'must be a power of two' })
  .refine(({ nMels, nMfcc }) => nMfcc <= nMels, { path: ['nMfcc'], error: 'must not exceed nMels' })

/**
 * What is measured of a voice: with pooling `mean` statistics over the recording, of which there is one set; with `frames` the
 * measures over time, averaged over blocks of `blockMs`.
 */
const voiceSpecSchema = z
  .strictObject({
    kind: z.literal('voice'),
    sampleRate: z.literal(16_000).default(16_000),
    hopLength: z.literal(160).default(160),
    pooling: z.enum(['mean', 'frames']).default('mean'),
    /** Whole frames of 10 ms. Absent with pooling `mean`; 60 with `frames` where nothing is said. */
    blockMs: z.int().min(10).max(1000).multipleOf(10).exactOptional(),
  })
  .refine(({ pooling, blockMs }) => pooling === 'frames' || blockMs === undefined, {
    path: ['blockMs'],
    error: 'is of pooling frames',
  })
  .overwrite((spec) => (spec.pooling === 'frames' ? { ...spec, blockMs: spec.blockMs ?? 60 } : spec))

/** What is computed from a recording. */
export const featureSpecSchema = z.discriminatedUnion('kind', [librosaSpecSchema, voiceSpecSchema])
export type FeatureSpec = z.output<typeof featureSpecSchema>

/** A feature set is its spec and the version of the code that computes it. */
export type FeatureSet = { readonly id: string; readonly spec: FeatureSpec; readonly extractor: string }

/** The identity of a feature set: the hash of its parameters and the extractor's version, 64 hexadecimal digits. */
export function featureSetId(spec: FeatureSpec, extractor: string): string {
  return contentHash({ spec, extractor })
}

/** How many values of a voice each group has; the groups before `detail` are those that hold for other speakers. */
const VOICE_GROUP_LENGTHS = { pitch: 22, quality: 22, spectrum: 42, cepstrum: 24, level: 11, rhythm: 3, detail: 116 }
/** The same of one block of a voice over time. */
const VOICE_BLOCK_GROUP_LENGTHS = { pitch: 4, quality: 2, spectrum: 6, cepstrum: 4, level: 2, detail: 24 }

/** The parts of a vector, of either kind, in the order in which they are stored. */
export const FEATURE_GROUPS = [
  'mel',
  'mfcc',
  'zcr',
  'rms',
  'pitch',
  'quality',
  'spectrum',
  'cepstrum',
  'level',
  'rhythm',
  'detail',
] as const
export type FeatureGroup = (typeof FEATURE_GROUPS)[number]

/** The groups that features of this spec have, in the order in which they are stored. */
export function featureGroups(spec: FeatureSpec): FeatureGroup[] {
  const ranges = featureRanges(spec)
  return FEATURE_GROUPS.filter((group) => ranges[group] !== undefined)
}

/** `[start, end)` in a vector. */
export type FeatureRange = readonly [start: number, end: number]

/** Where each group lies in a vector of this spec; 128 + 40 + 1 + 1 = 170 by default, 240 of a voice. */
export function featureRanges(
  spec: Extract<FeatureSpec, { kind?: undefined }>,
): Record<'mel' | 'mfcc' | 'zcr' | 'rms', FeatureRange>
export function featureRanges(spec: FeatureSpec): Partial<Record<FeatureGroup, FeatureRange>>
export function featureRanges(spec: FeatureSpec): Partial<Record<FeatureGroup, FeatureRange>> {
  let start = 0
  const ranges = Object.entries(groupLengths(spec)).map(([group, length]) => [group, [start, (start += length)]])
  return Object.fromEntries(ranges)
}

function groupLengths(spec: FeatureSpec): Partial<Record<FeatureGroup, number>> {
  if (spec.kind === undefined) return { mel: spec.nMels, mfcc: spec.nMfcc, zcr: 1, rms: 1 }
  return spec.pooling === 'frames' ? VOICE_BLOCK_GROUP_LENGTHS : VOICE_GROUP_LENGTHS
}

/** The length of a vector of this spec (of one frame, when pooling is `frames`). */
export function featureLength(spec: FeatureSpec): number {
  return Object.values(featureRanges(spec)).reduce((end, range) => Math.max(end, range[1]), 0)
}
