import { readFileSync } from 'node:fs'
import { createWaveformLoader, createWaveformReader, type WaveformLoader, type WaveformReader } from '@ser/audio'
import { createExtractor, createReferenceExtractor, type Extractor } from '@ser/features'
import type { CProgram } from './measure-c.ts'
import type { LibrosaClock } from './measure-librosa.ts'
import { createMelKernel, type MelKernel } from './create-mel-kernel.ts'

/** Every way of computing that is measured, in the order of the table. */
export const WAYS = [
  'librosa, features',
  'plain TypeScript, features',
  'kernels, features',
  'kernels, features of every frame',
  'librosa, load',
  'kernels, load',
  'librosa, file to vector',
  'kernels, file to vector',
  'C -O3 -msse2, mel spectrogram',
  'C -O3 -mavx, mel spectrogram',
  'kernel, mel spectrogram',
] as const

export type Way = (typeof WAYS)[number]

/** Median milliseconds of a clip by each way that there is here. */
export type ClipTimes = Partial<Record<Way, number>>

export type Contestants = {
  readonly librosa: LibrosaClock
  readonly programs: readonly CProgram[]
  readonly load: WaveformLoader
  readonly read: WaveformReader
  readonly kernels: Extractor
  readonly reference: Extractor
  readonly mel: MelKernel
}

export function createContestants(librosa: LibrosaClock, programs: readonly CProgram[]): Contestants {
  return {
    librosa,
    programs,
    load: createWaveformLoader(),
    read: createWaveformReader(),
    kernels: createExtractor(),
    reference: createReferenceExtractor(),
    mel: createMelKernel(),
  }
}

/** All ways in turn on one recording. Rejects when the C program's values are not the kernel's. */
export async function measureClip(path: string, rounds: number, all: Contestants): Promise<ClipTimes> {
  const { load, read, kernels, reference, mel } = all
  const theirs = await all.librosa.measure(path)
  const bytes = readFileSync(path)
  const { samples } = load(bytes)
  const input = mel.load(samples)
  const times: ClipTimes = {
    'librosa, features': median(theirs.features),
    'librosa, load': median(theirs.load),
    'librosa, file to vector': median(theirs.whole),
    'plain TypeScript, features': await time(() => reference.extract(samples), rounds),
    'kernels, features': await time(() => kernels.extract(samples), rounds),
    'kernels, features of every frame': await time(() => kernels.extractFrames(samples), rounds),
    'kernels, load': await time(() => read(readFileSync(path), ({ samples: loaded }) => loaded.length), rounds),
    'kernels, file to vector': await time(
      () => read(readFileSync(path), ({ samples: loaded }) => kernels.extract(loaded)),
      rounds,
    ),
    'kernel, mel spectrogram': await time(() => mel.run(), rounds),
  }
  for (const program of all.programs) {
    const result = await program.measure(input, rounds)
    expectSame(result.mel, mel.run(), path)
    const way = WAYS.find((name) => name.startsWith(`C ${program.flags},`))
    if (way) times[way] = median(result.times)
  }
  return times
}

/** Processor time, with the garbage collector's: on a machine that does other things it says more than the clock. */
async function time(work: () => unknown, rounds: number): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage()
    await work()
    const { user, system } = process.cpuUsage(before)
    times.push((user + system) / 1000)
  }
  return median(times)
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]
}

/** Same operations in the same order: the same bits, but where a compiler joins a product and a sum. */
function expectSame(actual: Float32Array, expected: Float32Array, path: string): void {
  const largest = expected.reduce((most, value) => Math.max(most, value), 0)
  const wrong = expected.findIndex((value, i) => !(Math.abs(actual[i] - value) <= 1e-5 * value + 1e-12 * largest))
  if (actual.length !== expected.length || wrong >= 0) throw new Error(`${path}: the C program has other mel values`)
}
