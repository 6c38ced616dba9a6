import { z } from 'zod'
import { contentHash } from './canonical-json.ts'

/**
 * What is computed from a recording; names and defaults are librosa's.
 * `pooling: 'mean'` averages every feature over time into one vector; `'frames'` keeps the matrix.
 */
export const featureSpecSchema = z
  .strictObject({
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
export type FeatureSpec = z.output<typeof featureSpecSchema>

/** A feature set is its spec and the version of the code that computes it. */
export type FeatureSet = { readonly id: string; readonly spec: FeatureSpec; readonly extractor: string }

/** The identity of a feature set: the hash of its parameters and the extractor's version, 64 hexadecimal digits. */
export function featureSetId(spec: FeatureSpec, extractor: string): string {
  return contentHash({ spec, extractor })
}

/** The parts of a vector, in the order in which they are stored. */
export const FEATURE_GROUPS = ['mel', 'mfcc', 'zcr', 'rms'] as const
export type FeatureGroup = (typeof FEATURE_GROUPS)[number]

/** Where each group lies in a vector of this spec: `[start, end)`; 128 + 40 + 1 + 1 = 170 by default. */
export function featureRanges(spec: FeatureSpec): Record<FeatureGroup, readonly [number, number]> {
  const mfcc = spec.nMels
  const zcr = mfcc + spec.nMfcc
  return { mel: [0, mfcc], mfcc: [mfcc, zcr], zcr: [zcr, zcr + 1], rms: [zcr + 1, zcr + 2] }
}

/** The length of a vector of this spec (of one frame, when pooling is `frames`). */
export function featureLength(spec: FeatureSpec): number {
  return spec.nMels + spec.nMfcc + 2
}
