import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { halfOf } from '@ser/augmentation'
import type { Recording } from './read-recordings.ts'

/** Files whose sound is mixed into recordings: never the same to train and to test. */
export type Backgrounds = {
  readonly training: { readonly noise: readonly string[]; readonly voices: readonly string[] }
  readonly test: { readonly noise: readonly string[]; readonly voices: readonly string[] }
}

/** The last actors of RAVDESS speak in the babble of tests; those before may speak in that of training. */
export const TEST_VOICES = 4
/** Of each actor's recordings one in so many speaks in babble: enough voices, and little memory in every thread. */
const EVERY = 3

/** Noise recordings by the product's halves (by content), voices by actor. */
export async function readBackgrounds(noiseFolder: string, ravdess: readonly Recording[]): Promise<Backgrounds> {
  const names = (await readdir(noiseFolder)).filter((name) => /\.(wav|flac)$/i.test(name)).toSorted()
  const noise = { train: [] as string[], evaluation: [] as string[] }
  for (const name of names) {
    const path = join(noiseFolder, name)
    const sha256 = createHash('sha256')
      .update(await readFile(path))
      .digest('hex')
    noise[halfOf(sha256)].push(path)
  }
  const heldOut = new Set(testVoices(ravdess))
  const some = ravdess.filter((_, index) => index % EVERY === 0)
  const voicesOf = (isTest: boolean) => some.filter(({ speaker }) => heldOut.has(speaker) === isTest)
  return {
    training: { noise: noise.train, voices: voicesOf(false).map(({ path }) => path) },
    test: { noise: noise.evaluation, voices: voicesOf(true).map(({ path }) => path) },
  }
}

/** The actors whose voices are never trained on where noise is tested. */
export function testVoices(ravdess: readonly Recording[]): string[] {
  return [...new Set(ravdess.map(({ speaker }) => speaker))].toSorted().slice(-TEST_VOICES)
}
