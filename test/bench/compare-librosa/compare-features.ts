import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { createAsyncWaveformLoader } from '@ser/audio'
import { createExtractor } from '@ser/features'
import { keepLargest, noErrors, type GroupErrors } from './measure-errors.ts'
import type { LibrosaLine } from './run-librosa.ts'

export type Comparison = {
  /** Recordings that both have taken. */
  readonly compared: number
  readonly largest: GroupErrors
  /** Recordings that only one of the two has taken, and why the other has not. */
  readonly disagreements: readonly string[]
  /** One thread, from the file to the vector. */
  readonly seconds: number
}

/** Our features of the recordings that librosa has been through, against librosa's. */
export async function compareFeatures(lines: readonly LibrosaLine[], folder: string): Promise<Comparison> {
  const load = createAsyncWaveformLoader()
  const extractor = createExtractor()
  const disagreements: string[] = []
  let largest = noErrors()
  let compared = 0
  let milliseconds = 0
  for (const line of lines) {
    const path = relative(folder, line.path)
    const before = performance.now()
    const ours = await attempt(async () => extractor.extract((await load(await readFile(line.path))).samples))
    milliseconds += performance.now() - before
    if ('error' in line) {
      if (!(ours instanceof Error)) disagreements.push(`${path}: librosa refuses it (${line.error})`)
    } else if (ours instanceof Error) disagreements.push(`${path}: we refuse it (${ours.message})`)
    else {
      compared++
      largest = keepLargest(largest, { path, frames: line.frames, ours, theirs: line.values })
    }
  }
  return { compared, largest, disagreements, seconds: milliseconds / 1000 }
}

async function attempt<T>(work: () => Promise<T>): Promise<T | Error> {
  try {
    return await work()
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
