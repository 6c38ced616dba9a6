import { FeatureError } from './errors.ts'
import { voiceBlockNames } from './voice/voice-blocks.ts'
import { VOICE_EXTRACTOR_VERSION, type VoiceSpec } from './voice/voice-spec.ts'
import { voiceNames } from './voice/voice-values.ts'

/** What is computed from a recording; names and defaults are librosa's. */
export type LibrosaSpec = {
  readonly kind?: undefined
  /** Rate of the samples in Hz. */
  readonly sampleRate: number
  /** Frame and transform length in samples; a power of two. */
  readonly nFft: number
  /** Samples from one frame to the next. */
  readonly hopLength: number
  /** The periodic Hann window. */
  readonly window: 'hann'
  /** Mel bands from 0 Hz to half the sample rate. */
  readonly nMels: number
  /** Cepstral coefficients kept; at most `nMels`. */
  readonly nMfcc: number
  /** `mean` averages every feature over time into one vector, `frames` keeps the matrices. */
  readonly pooling: 'mean' | 'frames'
}

/** What is computed from a recording: librosa's features, or those of a voice. */
export type FeatureSpec = LibrosaSpec | VoiceSpec

/** librosa's defaults, with 40 MFCC: 128 + 40 + 1 + 1 = 170 values. */
export const defaultFeatureSpec: LibrosaSpec = Object.freeze({
  sampleRate: 22_050,
  nFft: 2048,
  hopLength: 512,
  window: 'hann',
  nMels: 128,
  nMfcc: 40,
  pooling: 'mean',
})

/**
 * The version of the code that computes the values. It changes whenever a value may change by more than
 * rounding; together with the spec it is the identity of a feature set.
 */
export const EXTRACTOR_VERSION = 'librosa-0.11-compatible-1'

/** The version of the code that computes the values of this spec. */
export function extractorVersion(spec: FeatureSpec): string {
  return spec.kind === 'voice' ? VOICE_EXTRACTOR_VERSION : EXTRACTOR_VERSION
}

/** Throws `FeatureError` (`unsupported_spec`) unless this spec can be computed. */
export function checkSpec(spec: LibrosaSpec): void {
  checkRange('sampleRate', spec.sampleRate, 8000, 192_000)
  checkRange('nFft', spec.nFft, 64, 16_384)
  checkRange('hopLength', spec.hopLength, 16, 16_384)
  checkRange('nMels', spec.nMels, 1, 512)
  checkRange('nMfcc', spec.nMfcc, 1, 128)
  if ((spec.nFft & (spec.nFft - 1)) !== 0) refuse(`nFft must be a power of two, not ${spec.nFft}`)
  if (spec.nMfcc > spec.nMels) {
    refuse(`nMfcc (${spec.nMfcc}) must not exceed nMels (${spec.nMels}): there are no more coefficients than bands`)
  }
}

/** The names of the values of a vector or frame, in order: `mel_0` ..., `mfcc_0` ..., `zcr`, `rms`; `f0_mean` ... of a voice, `f0` ... of its blocks. */
export function featureNames(spec: FeatureSpec = defaultFeatureSpec): string[] {
  if (spec.kind === 'voice') return spec.pooling === 'frames' ? voiceBlockNames() : voiceNames()
  const mel = Array.from({ length: spec.nMels }, (_, band) => `mel_${band}`)
  const mfcc = Array.from({ length: spec.nMfcc }, (_, coefficient) => `mfcc_${coefficient}`)
  return [...mel, ...mfcc, 'zcr', 'rms']
}

function checkRange(name: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    refuse(`${name} must be a whole number from ${least} to ${most}, not ${value}`)
  }
}

function refuse(message: string): never {
  throw new FeatureError('unsupported_spec', message)
}
