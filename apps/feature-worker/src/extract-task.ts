import { canonicalJson, failureKind, type FeatureSpec } from '@ser/contracts'
import { createVectorComputer, type VectorComputer } from './compute-vector.ts'

export type ExtractTask = { readonly bytes: Uint8Array; readonly spec: FeatureSpec }

/** A refusal goes as data: an error loses its code and kind on the way between threads. */
export type ExtractResult =
  | { readonly values: Float32Array }
  | { readonly refused: { readonly code: string; readonly message: string } }

/** What a thread does with each task; it keeps the tables of the spec that it last had. */
export function createExtractTask(): (task: ExtractTask) => Promise<ExtractResult> {
  let ready: { key: string; compute: VectorComputer } | undefined
  return async ({ bytes, spec }) => {
    try {
      const key = canonicalJson(spec)
      if (ready?.key !== key) ready = { key, compute: createVectorComputer(spec) }
      return { values: await ready.compute(bytes) }
    } catch (error) {
      if (!(error instanceof Error) || failureKind(error) !== 'bad-input') throw error
      const code = 'code' in error ? String(error.code) : error.name
      return { refused: { code, message: error.message } }
    }
  }
}
