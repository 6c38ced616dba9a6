/**
 * What a failure means for the job that met it.
 * - `bad-input`: the recording or request is at fault; recorded once with its reason, never retried.
 * - `transient`: a service was lost; retried with backoff and jitter.
 * - `gone`: the row that the job was about has vanished; the job ends quietly.
 * - `conflict`: the request contradicts the state; told to the caller.
 */
export type FailureKind = 'bad-input' | 'transient' | 'gone' | 'conflict'

export type SerErrorOptions = {
  readonly kind: FailureKind
  /** The rows concerned, by name: `{ clip: sha256 }`. Never anything secret. */
  readonly ids?: Readonly<Record<string, string | number>>
  readonly cause?: unknown
}

/** An error that says its code, what it means for the job, and which rows it is about. */
export class SerError extends Error {
  override readonly name: string = 'SerError'
  readonly code: string
  readonly kind: FailureKind
  readonly ids: Readonly<Record<string, string | number>>

  constructor(code: string, message: string, options: SerErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.kind = options.kind
    this.ids = options.ids ?? {}
  }
}

/** The failure kind of anything thrown; what is not known to be bad input is taken as transient, and so retried. */
export function failureKind(error: unknown): FailureKind {
  if (error instanceof Error && 'kind' in error) {
    const { kind } = error
    if (kind === 'bad-input' || kind === 'transient' || kind === 'gone' || kind === 'conflict') return kind
  }
  return 'transient'
}
