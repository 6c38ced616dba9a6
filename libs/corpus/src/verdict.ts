/** What a layout says of a file: who speaks, what, and how. */
export type ClipLabel = {
  /** One of the seven emotions, or a label of the corpus' own (RAVDESS' calm), which is kept but not trained on. */
  readonly label: string
  /** As the corpus names them. */
  readonly speaker: string
  /** What is said: the word, the sentence, or the corpus' code for it; null where the corpus does not tell. */
  readonly word: string | null
  /** `train`, `validation` or `test` where the corpus fixes it. */
  readonly split: ManifestSplit | null
}

export type ManifestSplit = 'train' | 'validation' | 'test'

export type RejectionCode =
  | 'unknown_name'
  | 'unknown_label'
  | 'not_speech'
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

export function reject(code: RejectionCode, message: string): PathVerdict {
  return { kind: 'rejected', code, message }
}
