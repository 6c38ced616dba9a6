import { contentHash, SerError } from '@ser/contracts'
import { recipeIdentity } from '@ser/augmentation'
import type { Examples, Renewal } from '@ser/model'
import { findEntry } from '@ser/processes'
import { Piscina } from 'piscina'
import type { TrainedNetwork, VariantOrder } from './train-messages.ts'
import {
  readWaveform,
  type DecodeTask,
  type EpochTask,
  type MadeVariants,
  type RootedRecording,
  type VariantsResult,
} from './variants-task.ts'

/** What decides the variants that a network hears. */
export type HearingNetwork = {
  readonly architecture: Pick<TrainedNetwork['architecture'], 'layout'>
  readonly features: TrainedNetwork['features']
  readonly recipe: Pick<TrainedNetwork['recipe'], 'seed' | 'epochs'>
}

export type Variants = {
  /** The training side of a network as it hears it in each epoch. `clean`: the training side as it is. */
  readonly renew: (network: HearingNetwork, clean: Examples) => Renewal
  readonly close: () => Promise<void>
}

type Pool = Piscina<DecodeTask | EpochTask, VariantsResult>

/** Of each group so many seconds at most are held in memory, of its first recordings. */
const MOST_RESOURCE_SECONDS = 3600

/**
 * Threads that make variants on the fly and their features. While an epoch trains they make those of the next one. The recordings' waveforms
 * are decoded once, into files at the sample rate of the features, whose memory is the system's page cache; recordings to mix in lie in
 * memory that the threads share. What is made depends on the recipe, the network's seed, the epoch and the clip, not on the threads.
 *
 * @param folder where the recordings lie as they were stored; they give way to their waveforms
 * @throws SerError with the code of AudioError, AugmentationError or FeatureError (bad-input); VARIANTS_CRASHED (transient)
 */
export async function openVariants(order: VariantOrder, folder: string): Promise<Variants> {
  const { threads, sampleRate, resources } = order
  const pool: Pool = new Piscina({
    ...findEntry(new URL('./variants-thread.ts', import.meta.url)),
    name: 'make',
    minThreads: threads,
    maxThreads: threads,
  })
  const mixedIn = Object.values(resources).flatMap((group) => group.map(({ sha256 }) => sha256))
  const recordings = [...new Set([...order.clips.filter((clip) => clip !== ''), ...mixedIn])]
  await inThreads(pool, threads, { kind: 'decode', folder, recordings, sampleRate, next: createCounter() })
  const loaded: Record<string, readonly RootedRecording[]> = {}
  for (const [group, members] of Object.entries(resources)) loaded[group] = await loadGroup(members, folder, sampleRate)
  const making: Making = { pool, order, folder, resources: loaded, running: new Map() }
  return {
    renew: (network, clean) => renew(network, clean, making),
    close: async () => {
      await abandon(making)
      await pool.destroy()
    },
  }
}

/** Makes the threads end what they work on at their next recording: what nobody will ask for, because training has ended early. */
async function abandon({ order, running }: Making): Promise<void> {
  for (const next of running.keys()) Atomics.store(next, 0, order.clips.length)
  await Promise.allSettled(running.values())
}

async function loadGroup(
  members: VariantOrder['resources'][string],
  folder: string,
  sampleRate: number,
): Promise<RootedRecording[]> {
  const loaded: RootedRecording[] = []
  let left = MOST_RESOURCE_SECONDS * sampleRate
  for (const { sha256, root } of members) {
    const waveform = await readWaveform(folder, sha256)
    left -= waveform.length
    if (left < 0) break
    // Shared, so that it goes to the threads without being copied.
    const samples = new Float32Array(new SharedArrayBuffer(waveform.byteLength))
    samples.set(waveform)
    loaded.push({ name: sha256, root, sampleRate, samples })
  }
  return loaded
}

type Making = Pick<EpochTask, 'folder' | 'resources'> & {
  readonly pool: Pool
  readonly order: VariantOrder
  /** What the threads work on. */
  readonly running: Map<EpochTask['next'], Promise<unknown>>
}

function renew(network: HearingNetwork, clean: Examples, making: Making): Renewal {
  const { order } = making
  const { epochs, seed } = network.recipe
  const { recipe, ...others } = order
  const make = async (epoch: number) => replaceRows(clean, await makeEpoch(network, epoch, making))
  let ahead: { readonly epoch: number; readonly examples: Promise<Examples> } | undefined
  return {
    identity: contentHash({ ...others, threads: 0, recipe: recipeIdentity(recipe), seed }),
    async examples(epoch) {
      if (ahead?.epoch !== epoch) await abandon(making)
      const examples = await (ahead?.epoch === epoch ? ahead.examples : make(epoch))
      ahead = epoch < epochs ? { epoch: epoch + 1, examples: make(epoch + 1) } : undefined
      // Whoever asks for the next epoch hears of its failure; until then nobody does.
      ahead?.examples.catch(() => undefined)
      return examples
    },
  }
}

async function makeEpoch(
  { recipe, features, architecture }: HearingNetwork,
  epoch: number,
  { pool, order, folder, resources, running }: Making,
): Promise<MadeVariants[]> {
  const { share, clips, sampleRate, threads } = order
  const next = createCounter()
  const made = inThreads(pool, threads, {
    kind: 'epoch',
    folder,
    order: { recipe: order.recipe, share, clips, sampleRate },
    resources,
    seed: recipe.seed,
    epoch,
    features,
    frames: architecture.layout === 'frames',
    next,
  })
  running.set(next, made)
  try {
    return await made
  } finally {
    running.delete(next)
  }
}

function createCounter(): EpochTask['next'] {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
}

/** Has all threads work on one task, which they share; the main thread, which trains, has nothing to do with it meanwhile. */
async function inThreads(pool: Pool, threads: number, task: DecodeTask | EpochTask): Promise<MadeVariants[]> {
  const results = await Promise.all(Array.from({ length: threads }, () => pool.run(task))).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    const message = `making variants on the fly broke down: ${reason}`
    throw new SerError('VARIANTS_CRASHED', message, { kind: 'transient', cause: error })
  })
  return results.map((result) => {
    if ('made' in result) return result.made
    throw new SerError(result.refused.code, result.refused.message, { kind: 'bad-input' })
  })
}

/**
 * The training side with some rows replaced by variants. For a model that normalises by speaker they are of a speaker apart from the one of
 * the untouched recordings, as stored variants are: statistics are taken under like conditions.
 */
export function replaceRows(clean: Examples, made: readonly MadeVariants[]): Examples {
  const { labels, lengths, speakers } = clean
  const count = labels.length
  const width = lengths === undefined ? clean.vectors.length / count : clean.vectors.length / sum(lengths)
  const ends = cumulate(lengths?.map((frames) => frames * width) ?? new Uint32Array(count).fill(width))
  const rows = Array.from({ length: count }, (_, row) => clean.vectors.subarray(ends[row], ends[row + 1]))
  const others = speakers?.slice()
  const apart = speakers === undefined ? 0 : speakers.reduce((most, speaker) => Math.max(most, speaker), 0) + 1
  for (const { rows: replaced, lengths: sizes, values } of made) {
    const starts = cumulate(sizes)
    for (const [place, row] of replaced.entries()) {
      rows[row] = values.subarray(starts[place], starts[place + 1])
      if (others !== undefined) others[row] += apart
    }
  }
  const sizes = Uint32Array.from(rows, ({ length }) => length)
  const vectors = new Float32Array(sum(sizes))
  const starts = cumulate(sizes)
  for (const [row, values] of rows.entries()) vectors.set(values, starts[row])
  return {
    ...clean,
    vectors,
    ...(lengths === undefined ? {} : { lengths: sizes.map((size) => size / width) }),
    ...(others === undefined ? {} : { speakers: others }),
  }
}

function sum(numbers: Uint32Array): number {
  return numbers.reduce((total, number) => total + number, 0)
}

/** Where each part begins, and where the last one ends. */
function cumulate(sizes: Uint32Array): Float64Array {
  const starts = new Float64Array(sizes.length + 1)
  for (const [index, size] of sizes.entries()) starts[index + 1] = starts[index] + size
  return starts
}
