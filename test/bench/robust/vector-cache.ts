import { createHash } from 'node:crypto'
import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AUGMENTATION_VERSION, recipeIdentity } from '@ser/augmentation'
import { extractorVersion, type FeatureSpec } from '@ser/features'
import type { Backgrounds } from './read-noises.ts'
import { TRAINING_RECIPE, type Variant } from './vary-recording.ts'

export type KeptVector = { readonly vector: Float32Array; readonly heard: readonly string[] }

/** Vectors of one feature spec by variant and content, on disk as lines of JSON. */
export type VectorCache = {
  readonly get: (variant: Variant, sha256: string) => KeptVector | undefined
  readonly load: (variants: readonly Variant[]) => Promise<void>
  readonly put: (variant: Variant, sha256: string, kept: KeptVector) => Promise<void>
}

/** What decides the vectors is in the names of folder and files: spec, extractor, transforms, recipe and backgrounds. */
export function openVectorCache(folder: string, spec: FeatureSpec, backgrounds: Backgrounds): VectorCache {
  const place = join(folder, 'vectors', digest({ spec, version: extractorVersion(spec) }))
  const kept = new Map<Variant, Map<string, KeptVector>>()
  const fileOf = (variant: Variant) => join(place, `${fileName(variant, backgrounds)}.jsonl`)
  return {
    get: (variant, sha256) => kept.get(variant)?.get(sha256),
    async load(variants) {
      await mkdir(place, { recursive: true })
      for (const variant of variants) {
        if (!kept.has(variant)) kept.set(variant, await readLines(fileOf(variant)))
      }
    },
    async put(variant, sha256, { vector, heard }) {
      kept.get(variant)?.set(sha256, { vector, heard })
      const values = Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64')
      await appendFile(fileOf(variant), `${JSON.stringify([sha256, heard, values])}\n`)
    },
  }
}

function fileName(variant: Variant, { training, test }: Backgrounds): string {
  if (variant === 'clean') return 'clean'
  const isTraining = variant.startsWith('train-')
  const made = isTraining
    ? { recipe: recipeIdentity(TRAINING_RECIPE), training }
    : { version: AUGMENTATION_VERSION, test }
  return `${variant.replace(' ', '-')}-${digest(made)}`
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12)
}

/** A line that a killed run left half written is left out, and made anew. */
async function readLines(file: string): Promise<Map<string, KeptVector>> {
  const text = await readFile(file, 'utf8').catch(() => '')
  if (text !== '' && !text.endsWith('\n')) await appendFile(file, '\n')
  const lines = text.split('\n').filter((line) => line.endsWith(']'))
  return new Map(
    lines.map((line) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `put` wrote
      const [sha256, heard, values] = JSON.parse(line) as [string, string[], string]
      const bytes = new Uint8Array(Buffer.from(values, 'base64'))
      return [sha256, { heard, vector: new Float32Array(bytes.buffer, 0, bytes.byteLength / 4) }]
    }),
  )
}
