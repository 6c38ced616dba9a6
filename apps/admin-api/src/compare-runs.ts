import { type Comparison, type Run } from '@ser/contracts'
import { createRandom, seedFrom } from '@ser/corpus'
import { getRun, readRunPredictions, type Queryable, type RunPrediction } from '@ser/database'
import { affordableResamples, comparePredictions, evaluateModel } from '@ser/metrics'
import { groupRuns, summariseRuns, type RunGroup } from '@ser/report'

/** Recordings drawn for one kind of interval: an answer takes a second or two, and other requests wait no longer than that. */
const DRAWS_AT_MOST = 5_000_000
/** Predictions of a group that are read; a group of more is neither pooled nor compared. */
const PREDICTIONS_AT_MOST = 100_000
/** Each with each is a quadratic number; of more groups, each is compared with the first only. */
const ALL_PAIRS_OF = 5

export type ComparedRuns = { readonly groups: readonly RunGroup[]; readonly comparison: Comparison }

type Told = ReadonlyMap<string, RunPrediction>

/**
 * Lays runs side by side. Those that differ in seed and fold only are one group; the folds of its smallest seed are evaluated together,
 * and groups are compared on the clips that both tested with the smallest seed that both have, so that no clip counts twice.
 *
 * @throws SerError RUN_NOT_FOUND (gone)
 */
export async function compareRuns(db: Queryable, ids: readonly string[]): Promise<ComparedRuns> {
  const runs: Run[] = []
  for (const id of new Set(ids)) runs.push(await getRun(db, id))
  const groups: RunGroup[] = []
  for (const group of groupRuns(runs)) {
    const pooled = await poolFolds(db, group.runs)
    groups.push(pooled === undefined ? group : { ...group, pooled })
    await eventLoopTurn()
  }
  const pairs = await comparePairs(db, groups)
  return { groups, comparison: { groups: groups.map(describeGroup), pairs } }
}

function describeGroup(group: RunGroup): Comparison['groups'][number] {
  const { name, runs, pooled } = group
  const figures = summariseRuns(runs)
  return {
    name,
    runs: runs.map(({ id }) => id),
    completed: runs.filter(({ status }) => status === 'completed').length,
    figures: figures === undefined ? null : { accuracy: figures.accuracy, uar: figures.uar, macroF1: figures.macroF1 },
    pooled: pooled ?? null,
  }
}

async function poolFolds(db: Queryable, runs: readonly Run[]): Promise<RunGroup['pooled']> {
  const completed = runs.filter(({ evaluation, spec }) => evaluation !== null && 'folds' in spec.split)
  if (completed.length < 2) return undefined
  const seed = Math.min(...completed.map(({ spec }) => spec.seed))
  const told = await readTold(db, completed, seed)
  const labels = completed[0].evaluation?.labels ?? []
  if (told.size === 0) return undefined
  const clips = [...told.values()]
  const predictions = {
    truth: clips.map(({ label }) => label),
    probabilities: clips.flatMap(({ probabilities }) => [...probabilities]),
    labels,
  }
  const groups = {
    speakers: clips.map(({ speaker }) => speaker),
    datasets: clips.map(({ dataset }) => dataset),
    conditions: clips.map(({ condition }) => condition),
  }
  return evaluateModel(predictions, groups, seed, { drawsAtMost: DRAWS_AT_MOST })
}

/** What the runs of a seed say, each clip once; nothing of too many. */
async function readTold(db: Queryable, runs: readonly Run[], seed: number): Promise<Told> {
  const told = new Map<string, RunPrediction>()
  for (const run of runs) {
    if (run.spec.seed !== seed || run.evaluation === null) continue
    for await (const page of readRunPredictions(db, run.id)) {
      for (const prediction of page) told.set(prediction.sha256, prediction)
      if (told.size > PREDICTIONS_AT_MOST) return new Map()
    }
  }
  return told
}

async function comparePairs(db: Queryable, groups: readonly RunGroup[]): Promise<Comparison['pairs']> {
  const pairs: Comparison['pairs'] = []
  for (let first = 0; first < groups.length; first++) {
    if (first > 0 && groups.length > ALL_PAIRS_OF) break
    for (let second = first + 1; second < groups.length; second++) {
      const pair = await comparePair(db, groups[first], groups[second])
      if (pair !== undefined) pairs.push({ first, second, ...pair })
      await eventLoopTurn()
    }
  }
  return pairs
}

type Pair = Omit<Comparison['pairs'][number], 'first' | 'second'>

async function comparePair(db: Queryable, one: RunGroup, other: RunGroup): Promise<Pair | undefined> {
  const seeds = new Set(one.runs.map(({ spec }) => spec.seed))
  const common = other.runs.map(({ spec }) => spec.seed).filter((value) => seeds.has(value))
  if (common.length === 0) return undefined
  const seed = Math.min(...common)
  const [first, second] = [await readTold(db, one.runs, seed), await readTold(db, other.runs, seed)]
  const clips = [...first.values()].filter(({ sha256, label }) => second.get(sha256)?.label === label)
  if (clips.length < 2) return undefined
  const compared = comparePredictions(
    clips.map(({ predicted }) => predicted),
    clips.map(({ sha256 }) => second.get(sha256)?.predicted ?? -1),
    {
      truth: clips.map(({ label }) => label),
      classes: clips[0].probabilities.length,
      below: createRandom(seedFrom('compare', seed)).below,
      resamples: affordableResamples(clips.length, DRAWS_AT_MOST),
    },
  )
  return { seed, clips: clips.length, ...compared }
}

/** Lets other requests in between two groups. */
function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
