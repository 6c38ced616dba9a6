import {
  augmentationSchema,
  featureProgressSchema,
  ingestionSchema,
  queueCountsSchema,
  type FeatureProgress,
} from '@ser/contracts'
import { z } from 'zod'
import { createCrew, type Pipeline } from './run-crew.ts'
import { AUGMENTED, RECORDINGS } from './prove-rows.ts'
import { watchProgress } from './watch-progress.ts'

export type Stage = { readonly name: string; readonly from: number; readonly to: number; readonly clips: number }

/** A worker that was killed: when, with how many jobs begun, and how many of them the next one says that it took over. */
export type Loss = {
  readonly worker: string
  readonly seconds: number
  readonly cutOff: number
  readonly takenOver: number
}

export type Order = {
  readonly folder: string
  readonly recordings: number
  readonly copies: number
  readonly recipe: string
  /** A folder of recordings to mix in. */
  readonly noise?: string
  readonly env: Record<string, string>
  readonly onStage: (stage: Stage) => void
}

/** Shares of the variants that are there when a worker is killed. */
const AUGMENTATION_WORKER_DIES = 0.25
const FEATURE_WORKER_DIES = 0.5

/** From a folder to all variants and all vectors, with one worker of each kind killed on the way and another put in its place. */
export async function runStages(pipeline: Pipeline, order: Order) {
  const { client, db } = pipeline
  const { recordings, copies } = order
  const crew = await createCrew(pipeline, order.env)
  for (const app of ['ingest', 'feature-worker', 'augmentation-worker'] as const) await crew.start(app)
  const noise = order.noise === undefined ? 0 : await takeInNoise(pipeline, order.noise)
  const queue = async (name: string) => {
    const { items } = await client.get(listOf(queueCountsSchema), '/v1/queues')
    return items.find((each) => each.name === name)
  }
  /** Kills a worker while it has jobs, and starts another. */
  const lose = async (worker: 'augmentation-worker' | 'feature-worker', name: string, seconds: number) => {
    while (((await queue(name))?.active ?? 0) === 0);
    await crew.kill(worker)
    const cutOff = (await queue(name))?.active ?? 0
    await crew.start(worker)
    return { worker, seconds, cutOff }
  }

  const progress = watchProgress(db)
  const stages: Stage[] = []
  const note = (name: string, from: number, to: number, clips: number) => {
    const stage = { name, from, to, clips }
    stages.push(stage)
    order.onStage(stage)
  }
  await ingest(pipeline, RECORDINGS, order.folder, 'tess')
  const taken = await progress.until((sample) => sample.recordings >= recordings + noise)
  note('folder to objects and rows', 0, taken.seconds, recordings)
  const clean = await progress.until((sample) => sample.vectors >= recordings + noise)
  note('folder to the vectors of the recordings', 0, clean.seconds, recordings)

  const request = {
    dataset: RECORDINGS,
    into: AUGMENTED,
    recipe: order.recipe,
    copies,
    ...(order.noise === undefined ? {} : { resources: { noise: { dataset: 'noise' } } }),
  }
  const { id } = await client.post(augmentationSchema, '/v1/augmentations', request)
  const asked = await progress.until(() => true)
  const total = recordings * copies
  const first = await progress.until(({ variants }) => variants >= AUGMENTATION_WORKER_DIES * total)
  const lostAugmenter = await lose('augmentation-worker', 'augment', first.seconds)
  const second = await progress.until(({ variants }) => variants >= FEATURE_WORKER_DIES * total)
  const lostExtractor = await lose('feature-worker', 'features', second.seconds)
  const made = await progress.until(({ variants }) => variants >= total)
  note('variants', asked.seconds, made.seconds, total)
  const { counts } = await client.until(
    augmentationSchema,
    `/v1/augmentations/${id}`,
    ({ status }) => status === 'completed',
  )
  await client.until(listOf(featureProgressSchema), `/v1/datasets/${AUGMENTED}/progress`, isDone, 3600)
  const all = await progress.until(() => true)
  note('variants and their vectors', asked.seconds, all.seconds, total)
  note('all', 0, all.seconds, recordings + total)

  const losses: Loss[] = [lostAugmenter, lostExtractor].map((loss) => ({
    ...loss,
    takenOver: crew.takenOver(loss.worker),
  }))
  const failedJobs = (await Promise.all(['ingest', 'augment', 'features'].map(queue))).reduce(
    (sum, each) => sum + (each?.failed ?? 0),
    0,
  )
  return { stages, losses, counts, failedJobs, samples: progress.samples, processes: crew.figures() }
}

const listOf = <Item extends z.ZodType>(item: Item) => z.object({ items: z.array(item) })

function isDone({ items: [set] }: { readonly items: readonly FeatureProgress[] }): boolean {
  return set !== undefined && set.clips > 0 && set.vectors + set.failed === set.clips
}

function hasEnded({ status }: { readonly status: string }): boolean {
  return /completed|failed/.test(status)
}

async function ingest({ client }: Pipeline, dataset: string, folder: string, layout: string): Promise<void> {
  const request = { dataset, source: { kind: 'folder', path: folder }, layout: { kind: layout } }
  const { id } = await client.post(ingestionSchema, '/v1/ingestions', request)
  const { status, error } = await client.until(ingestionSchema, `/v1/ingestions/${id}`, hasEnded, 3600)
  if (status === 'failed') throw new Error(`${dataset} could not be taken in: ${JSON.stringify(error)}`)
}

/** Recordings to mix in are clips with vectors too; gives how many they are, once all is done with them. */
async function takeInNoise(pipeline: Pipeline, folder: string): Promise<number> {
  await ingest(pipeline, 'noise', folder, 'unlabelled')
  const { items } = await pipeline.client.until(listOf(featureProgressSchema), '/v1/datasets/noise/progress', isDone)
  return items[0].clips
}
