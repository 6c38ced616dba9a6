import { failureKind } from '@ser/contracts'
import type { Outcome } from './predict-messages.ts'

/** An error with a code as a plain value; throws what has none. */
export function refusalOf(error: unknown): Outcome {
  if (error instanceof Error && 'code' in error && 'kind' in error && typeof error.code === 'string')
    return { state: 'refused', code: error.code, kind: failureKind(error), message: error.message }
  throw error
}
