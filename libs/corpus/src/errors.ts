import { SerError } from '@ser/contracts'

export type CorpusErrorCode =
  | 'MANIFEST_INVALID'
  | 'SPLIT_INVALID'
  | 'SPLIT_DUPLICATE_CLIP'
  | 'SPLIT_EMPTY_SIDE'
  | 'SPLIT_LEAK'
  | 'SPLIT_UNKNOWN_DATASET'
  | 'SPLIT_UNKNOWN_SPEAKER'
  | 'SYNTHETIC_PLAN_INVALID'
  | 'VALIDATION_EMPTY_SIDE'

/** A corpus, manifest or split that cannot be used as asked; the message says what to change. Kind `bad-input`. */
export function corpusError(
  code: CorpusErrorCode,
  message: string,
  ids: Readonly<Record<string, string | number>> = {},
): SerError {
  return new SerError(code, message, { kind: 'bad-input', ids })
}
