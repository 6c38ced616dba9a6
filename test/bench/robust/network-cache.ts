import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { contentHash, type NetworkSpec } from '@ser/contracts'
import { EXTRACTOR_VERSION, VOICE_EXTRACTOR_VERSION } from '@ser/features'
import type { Fit } from './plan-fits.ts'
import type { Recording } from './read-recordings.ts'
import type { BenchRecipe } from './recipes.ts'

/** What a trained network's probabilities depend on. */
export type Tried = { readonly network: NetworkSpec; readonly recipe: BenchRecipe; readonly fit: Fit }

/**
 * The probabilities of networks that were trained before, a file for each test, so that models of the same networks in other company
 * or with other weights need no training. What a network weighs is no part of it.
 */
export function openNetworkCache(folder: string) {
  const place = join(folder, 'networks')
  return {
    /** Of all tests of the fit, or nothing. */
    async get(tried: Tried): Promise<Float32Array[] | undefined> {
      const read = filesOf(tried).map(async (file) => readFile(join(place, file)).catch(() => undefined))
      const found = (await Promise.all(read)).filter((bytes) => bytes !== undefined)
      if (found.length < read.length) return undefined
      return found.map((bytes) => new Float32Array(new Uint8Array(bytes).buffer))
    },
    async put(tried: Tried, probabilities: readonly Float32Array[]): Promise<void> {
      await mkdir(place, { recursive: true })
      for (const [index, file] of filesOf(tried).entries()) {
        const { buffer, byteOffset, byteLength } = probabilities[index]
        // Whole or not at all: a run may be ended at any time.
        await writeFile(join(place, `${file}.part`), Buffer.from(buffer, byteOffset, byteLength))
        await rename(join(place, `${file}.part`), join(place, file))
      }
    },
  }
}

function filesOf({ network, recipe: { variants, alsoAlone }, fit }: Tried): string[] {
  const { weight: _, model: __, ...spec } = network
  const versions = [EXTRACTOR_VERSION, VOICE_EXTRACTOR_VERSION]
  const trained = { spec, variants, alsoAlone, versions, train: identify(fit.train) }
  return fit.tests.map(({ variant, known, recordings }) =>
    contentHash({ ...trained, tested: { variant, known, of: identify(recordings) } }),
  )
}

function identify(recordings: readonly Recording[]): string {
  return contentHash(recordings.map(({ sha256 }) => sha256))
}
