import { SerError } from '@ser/contracts'

export type CorpusErrorCode =
  | 'bad_manifest'
  | 'bad_split'
  | 'duplicate_clip'
  | 'empty_side'
  | 'split_leak'
  | 'unknown_speaker'
  | 'bad_plan'

/** A corpus, manifest or split that cannot be used as asked; the message says what to change. Kind `bad-input`. */
export function corpusError(
  code: CorpusErrorCode,
  message: string,
  ids: Readonly<Record<string, string | number>> = {},
): SerError {
  return new SerError(code, message, { kind: 'bad-input', ids })
}
