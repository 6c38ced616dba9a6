/** Why a recording is refused. Codes are stable; the message is for a person. */
export type AudioErrorCode =
  | 'not_audio'
  | 'empty'
  | 'unsupported_encoding'
  | 'truncated_header'
  | 'damaged'
  | 'rate_out_of_range'
  | 'too_long'
  | 'not_finite'

/** A recording that cannot be used: its bytes are at fault, so trying again does not help. */
export class AudioError extends Error {
  override readonly name: string = 'AudioError'
  readonly code: AudioErrorCode
  readonly kind = 'bad-input' as const

  constructor(code: AudioErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
