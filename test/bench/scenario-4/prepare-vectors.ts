import { createHash } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative, sep } from 'node:path'
import { createAsyncWaveformLoader } from '@ser/audio'
import { applyRecipe, AUGMENTATION_VERSION, type Recipe } from '@ser/augmentation'
import { contentHash, emotionIndex } from '@ser/contracts'
import { parseTessPath } from '@ser/corpus'
import { createExtractor, defaultFeatureSpec, EXTRACTOR_VERSION } from '@ser/features'
import { findRecordings } from '../compare-librosa/find-recordings.ts'

export type Recording = { readonly file: string; readonly sha256: string; readonly label: number }

/** The recordings of TESS below a folder, in the order of their paths. */
export async function listRecordings(folder: string): Promise<Recording[]> {
  const recordings: Recording[] = []
  for (const file of await findRecordings(folder)) {
    const verdict = parseTessPath(relative(folder, file).split(sep).join('/'))
    if (verdict.kind !== 'clip') continue
    const sha256 = createHash('sha256')
      .update(await readFile(file))
      .digest('hex')
    recordings.push({ file, sha256, label: emotionIndex(verdict.clip.label) })
  }
  if (recordings.length === 0) throw new Error(`${folder} has no recordings of TESS`)
  return recordings
}

export type Prepared = {
  /** [recordings][170] */
  readonly vectors: Float32Array
  /** The mean over the recordings of their SNR; infinite without a recipe. */
  readonly snrDb: number
}

/** The vectors of recordings, changed by a recipe where one is given; kept in the temporary folder, where the next call finds them. */
export async function prepareVectors(recordings: readonly Recording[], recipe?: Recipe): Promise<Prepared> {
  const clips = recordings.map(({ sha256 }) => sha256)
  const key = contentHash({
    clips,
    extractor: EXTRACTOR_VERSION,
    recipe: recipe ?? null,
    version: AUGMENTATION_VERSION,
  })
  const cache = join(tmpdir(), `ser-scenario-4-${key.slice(0, 16)}`)
  const kept = await readFile(cache).catch(() => undefined)
  const values =
    kept === undefined ? await computeVectors(recordings, recipe) : new Float32Array(Uint8Array.from(kept).buffer)
  if (kept === undefined) {
    await writeFile(`${cache}.new`, values)
    await rename(`${cache}.new`, cache)
  }
  return { vectors: values.subarray(0, -1), snrDb: values.at(-1) ?? Number.NaN }
}

/** The vectors one after the other, and the mean SNR at the end. */
async function computeVectors(recordings: readonly Recording[], recipe?: Recipe): Promise<Float32Array> {
  const spec = defaultFeatureSpec
  const load = createAsyncWaveformLoader({ sampleRate: spec.sampleRate })
  const extractor = createExtractor(spec)
  const rows: Float32Array[] = []
  let snrDb = 0
  for (const { file, sha256 } of recordings) {
    const { samples, sampleRate } = await load(await readFile(file))
    const heard = recipe === undefined ? samples : applyRecipe(samples, { sampleRate, recipe, seed: sha256 }).samples
    snrDb += 10 * Math.log10(power(samples) / power(heard.map((value, index) => value - samples[index])))
    rows.push(extractor.extract(heard))
  }
  const width = rows[0].length
  const values = new Float32Array(rows.length * width + 1)
  for (const [index, row] of rows.entries()) values.set(row, index * width)
  values[rows.length * width] = snrDb / rows.length
  return values
}

function power(samples: Float32Array): number {
  return samples.reduce((sum, value) => sum + value * value, 0)
}
