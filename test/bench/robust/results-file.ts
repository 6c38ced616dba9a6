import { createHash } from 'node:crypto'
import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { EXTRACTOR_VERSION, VOICE_EXTRACTOR_VERSION } from '@ser/features'
import { z } from 'zod'
import { TASKS } from './plan-fits.ts'
import type { BenchRecipe } from './recipes.ts'

const resultSchema = z.object({
  /** Of the recipe, spec and all. */
  key: z.string(),
  recipe: z.string(),
  fit: z.string(),
  seed: z.number(),
  task: z.enum([...TASKS, 'v']),
  name: z.string(),
  variant: z.string(),
  known: z.number().optional(),
  /** [true emotion][predicted]. */
  confusion: z.array(z.array(z.number())),
  trained: z.number(),
  seconds: z.number(),
})
export type Result = z.output<typeof resultSchema>

/** Changes with anything that may change the recipe's figures but the code of the network. */
export function recipeKey({ spec, variants, alsoAlone }: BenchRecipe): string {
  const versions = [EXTRACTOR_VERSION, VOICE_EXTRACTOR_VERSION]
  return createHash('sha256')
    .update(JSON.stringify({ spec: { ...spec, model: '' }, variants, alsoAlone, versions }))
    .digest('hex')
    .slice(0, 12)
}

export async function readResults(file: string): Promise<Result[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => resultSchema.parse(JSON.parse(line)))
}

export async function appendResults(file: string, results: readonly Result[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await appendFile(file, results.map((result) => `${JSON.stringify(result)}\n`).join(''))
}
