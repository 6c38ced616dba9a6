/** Why features cannot be computed. `code` is stable; the message is for a person. */
export type FeatureErrorCode = 'empty' | 'not_finite' | 'too_long' | 'unsupported_spec'

/** A refusal: the samples or the spec are at fault, so trying again does not help. */
export class FeatureError extends Error {
  override readonly name: string = 'FeatureError'
  readonly code: FeatureErrorCode
  readonly kind = 'bad-input' as const

  constructor(code: FeatureErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
