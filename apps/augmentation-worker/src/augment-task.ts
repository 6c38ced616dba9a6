import { createHash } from 'node:crypto'
import { createAsyncWaveformLoader, decodeAudioAsync, encodeWav, mixDown } from '@ser/audio'
import { applyRecipe, type AppliedTransform, type Recipe, type Resources } from '@ser/augmentation'
import { failureKind } from '@ser/contracts'

/** Makes one variant of a recording. */
export type VariantTask = {
  readonly kind: 'variant'
  readonly bytes: Uint8Array
  readonly recipe: Recipe
  /** Hexadecimal digits. */
  readonly seed: string
  readonly resources: Resources
}

/** Decodes a recording that is to be mixed in. */
export type DecodeTask = { readonly kind: 'decode'; readonly bytes: Uint8Array; readonly sampleRate: number }

export type MadeVariant = {
  readonly bytes: Uint8Array
  readonly sha256: string
  readonly encoding: 'pcm_s16' | 'float32'
  readonly sampleRate: number
  readonly frames: number
  readonly applied: readonly AppliedTransform[]
  readonly outputGainDb: number
}

/** A refusal goes as data: an error loses its code and kind on the way between threads. */
export type TaskResult =
  | { readonly variant: MadeVariant }
  | { readonly samples: Float32Array }
  | { readonly refused: { readonly code: string; readonly message: string } }

/** What a thread does with each task. */
export async function runAugmentTask(task: VariantTask | DecodeTask): Promise<TaskResult> {
  try {
    return task.kind === 'variant' ? { variant: await makeVariant(task) } : { samples: await decode(task) }
  } catch (error) {
    if (!(error instanceof Error) || failureKind(error) !== 'bad-input') throw error
    const code = 'code' in error ? String(error.code) : error.name
    return { refused: { code, message: error.message } }
  }
}

/** At the recording's own sample rate, mixed down: whoever computes features resamples once, and knows to which rate. */
async function makeVariant({ bytes, recipe, seed, resources }: VariantTask): Promise<MadeVariant> {
  const audio = await decodeAudioAsync(bytes)
  const { sampleRate } = audio
  const { samples, applied, outputGainDb } = applyRecipe(mixDown(audio), { sampleRate, recipe, seed, resources })
  const encoding = samples.some((value) => Math.abs(value) > 1) ? 'float32' : 'pcm_s16'
  const file = encodeWav({ samples, sampleRate }, encoding)
  const sha256 = createHash('sha256').update(file).digest('hex')
  return { bytes: file, sha256, encoding, sampleRate, frames: samples.length, applied, outputGainDb }
}

async function decode({ bytes, sampleRate }: DecodeTask): Promise<Float32Array> {
  return (await createAsyncWaveformLoader({ sampleRate })(bytes)).samples
}
