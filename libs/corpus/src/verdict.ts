import type { Emotion } from '@ser/contracts'

/** What a layout says of a file: who speaks, what, and how. */
export type ClipLabel = {
  readonly label: Emotion
  readonly speaker: string
  readonly word: string | null
  /** `train`, `validation` or `test` where the corpus fixes it. */
  readonly split: ManifestSplit | null
}

export type ManifestSplit = 'train' | 'validation' | 'test'

export type RejectionCode =
  | 'unknown_name'
  | 'unknown_label'
  | 'folder_contradicts_name'
  | 'bad_manifest_row'
  | 'unsafe_path'
  | 'listed_twice'

/** Why a file cannot be labelled, and what a person can do about it. */
export type LabelRejection = { readonly code: RejectionCode; readonly message: string }

/** `ignored`: a file that no corpus means as a recording; it is neither stored nor reported as rejected. */
export type PathVerdict =
  | { readonly kind: 'clip'; readonly clip: ClipLabel }
  | { readonly kind: 'ignored'; readonly reason: string }
  | ({ readonly kind: 'rejected' } & LabelRejection)
