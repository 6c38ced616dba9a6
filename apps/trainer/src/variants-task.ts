import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createAsyncWaveformLoader } from '@ser/audio'
import { applyOnTheFly, isVariantDrawn, maskFrames, onTheFlySeed, type NamedRecording } from '@ser/augmentation'
import { failureKind } from '@ser/contracts'
import { createRowExtractor } from '@ser/features'
import { selectedLength, selectFeatures } from '@ser/model'
import { recordingFile, waveformFile, type TrainedNetwork, type VariantOrder } from './train-messages.ts'

/** A recording to mix in, and the original that it goes back to: nothing is mixed into its own variants. */
export type RootedRecording = NamedRecording & { readonly root: string }

/** What all threads take their work from: each adds one and has the number that was there. */
type Counter = Int32Array<SharedArrayBuffer>

/** Turns recordings into waveforms, files into files. */
export type DecodeTask = {
  readonly kind: 'decode'
  readonly folder: string
  readonly recordings: readonly string[]
  readonly sampleRate: number
  readonly next: Counter
}

/** Makes a share of the variants of an epoch. */
export type EpochTask = {
  readonly kind: 'epoch'
  readonly folder: string
  readonly order: Omit<VariantOrder, 'resources' | 'threads'>
  readonly resources: Readonly<Record<string, readonly RootedRecording[]>>
  /** Of the network. */
  readonly seed: number
  readonly epoch: number
  readonly features: TrainedNetwork['features']
  /** Whether the network sees every frame. */
  readonly frames: boolean
  readonly next: Counter
}

/** Some variants: the row of each on the training side, how many values it has, and the values one after the other. */
export type MadeVariants = {
  readonly rows: Uint32Array
  readonly lengths: Uint32Array
  readonly values: Float32Array
}

/** A refusal goes as data: an error loses its code and kind on the way between threads. */
export type VariantsResult =
  | { readonly made: MadeVariants }
  | { readonly refused: { readonly code: string; readonly message: string } }

/** What a thread does with each task. */
export async function runVariantsTask(task: DecodeTask | EpochTask): Promise<VariantsResult> {
  try {
    if (task.kind === 'epoch') return { made: await makeVariants(task) }
    await decodeRecordings(task)
    return { made: joinVariants([]) }
  } catch (error) {
    if (!(error instanceof Error) || failureKind(error) !== 'bad-input') throw error
    const code = 'code' in error ? String(error.code) : error.name
    return { refused: { code, message: error.message } }
  }
}

function* take<T>(items: readonly T[], next: Counter): Generator<readonly [number, T]> {
  for (let at = Atomics.add(next, 0, 1); at < items.length; at = Atomics.add(next, 0, 1)) yield [at, items[at]]
}

async function decodeRecordings({ folder, recordings, sampleRate, next }: DecodeTask): Promise<void> {
  const load = createAsyncWaveformLoader({ sampleRate })
  for (const [, sha256] of take(recordings, next)) {
    const file = join(folder, recordingFile(sha256))
    const { samples } = await load(await readFile(file))
    await writeFile(
      join(folder, waveformFile(sha256)),
      new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength),
    )
    await rm(file)
  }
}

/** The samples that `decodeRecordings` wrote. */
export async function readWaveform(folder: string, sha256: string): Promise<Float32Array> {
  const bytes = await readFile(join(folder, waveformFile(sha256)))
  // A small file may lie anywhere in a buffer that it shares with others.
  return new Float32Array(new Uint8Array(bytes).buffer)
}

async function makeVariants(task: EpochTask): Promise<MadeVariants> {
  const { folder, order, resources, seed, epoch, features, frames, next } = task
  const { recipe, share, sampleRate, clips } = order
  const { spec, groups } = features
  const toRows = createRowExtractor(spec)
  const bins = selectedLength(spec, groups)
  const made: { row: number; values: Float32Array }[] = []
  for (const [row, clip] of take(clips, next)) {
    if (clip === '' || !isVariantDrawn({ seed, epoch, clip, share })) continue
    const samples = await readWaveform(folder, clip)
    const of = { seed, epoch, clip }
    const variant = applyOnTheFly(samples, { ...of, sampleRate, recipe, resources: without(resources, clip) })
    const values = selectFeatures(toRows(variant.samples), spec, groups)
    made.push({ row, values: frames ? maskFrames(values, { bins, recipe, seed: onTheFlySeed(of) }) : values })
  }
  return joinVariants(made)
}

function without(resources: EpochTask['resources'], clip: string): Record<string, readonly RootedRecording[]> {
  const others = Object.entries(resources).map(
    ([group, recordings]) => [group, recordings.filter(({ root }) => root !== clip)] as const,
  )
  return Object.fromEntries(others)
}

function joinVariants(made: readonly { readonly row: number; readonly values: Float32Array }[]): MadeVariants {
  const lengths = Uint32Array.from(made, ({ values }) => values.length)
  const values = new Float32Array(lengths.reduce((sum, length) => sum + length, 0))
  let at = 0
  for (const each of made) {
    values.set(each.values, at)
    at += each.values.length
  }
  return { rows: Uint32Array.from(made, ({ row }) => row), lengths, values }
}
