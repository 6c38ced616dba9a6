import type { StressCondition } from '@ser/augmentation'
import type { FailureKind, StressResult } from '@ser/contracts'

/** A recording as it is stored. */
export type StoredRecording = { readonly sha256: string; readonly bytes: Uint8Array }

/** What a process is told first: what to do to recordings, and the model that hears them. */
export type StressOrder = {
  readonly kind: 'order'
  readonly model: Uint8Array
  readonly conditions: readonly StressCondition[]
  readonly seed: number
  /** Recordings to mix in, by group. */
  readonly resources: Readonly<Record<string, readonly StoredRecording[]>>
}

/** Recordings to be heard under every condition. */
export type PartTask = { readonly kind: 'part'; readonly part: number; readonly recordings: readonly StoredRecording[] }

/** Predicted classes to be turned into figures. */
export type FiguresTask = {
  readonly kind: 'figures'
  readonly truth: Uint8Array
  /** Of all recordings, for each condition. */
  readonly predicted: readonly Uint8Array[]
}

export type StressTask = StressOrder | PartTask | FiguresTask

export type StressAnswer =
  | { readonly kind: 'ready' }
  /** One byte each: the recordings under the first condition, then under the second ... */
  | { readonly kind: 'part'; readonly predicted: Uint8Array }
  | { readonly kind: 'figures'; readonly labels: readonly string[]; readonly results: readonly StressResult[] }
  /** Errors come as plain values: one that is thrown out of a process loses its code and kind. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string; readonly failure: FailureKind }
