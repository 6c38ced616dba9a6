import { SerError, type ReconcileReport } from '@ser/contracts'
import {
  ensureFeatureSet,
  findDataset,
  findFeatureSet,
  forgetFeatureFailures,
  listOwedFeatureSets,
  listUnfinishedAugmentations,
  listUnfinishedIngestions,
  listUnfinishedRuns,
  listUnfinishedStressEvaluations,
  scanClipsOwingVectors,
  settleAugmentation,
  type Database,
  type StoredFeatureSet,
} from '@ser/database'
import { extractorVersion } from '@ser/features'
import { featureJobs, type EnqueueReport, type Queues } from '@ser/queue'
import { enqueueVariants } from './enqueue-variants.ts'

export type ReconcileDeps = {
  readonly db: Database
  readonly queues: Pick<
    Queues,
    'counts' | 'enqueueAugment' | 'enqueueEvaluate' | 'enqueueFeatures' | 'enqueueIngest' | 'enqueueTrain'
  >
  /** Rows looked at in one query (default 2048). */
  readonly pageSize?: number
}

export type ReconcileScope = {
  /** Only the vectors of this dataset. */
  readonly dataset?: string | undefined
  /** Only the vectors of this feature set; with `dataset` also when nobody has asked for them yet. */
  readonly featureSetId?: string | undefined
  /** Forgets the recorded failures of these clips first, so that they are tried again. */
  readonly retryFailed?: boolean | undefined
  /** With `retryFailed`: only failures of this code. */
  readonly code?: string | undefined
  /**
   * Leaves out clips while the queue of their stage has jobs. What is left of a backlog would be put into other batches, and
   * so into new jobs, at each call.
   */
  readonly idleStagesOnly?: boolean
}

type Owed = { readonly datasetId: number; readonly featureSet: StoredFeatureSet }

/**
 * Enqueues what the database says is still owed, so that a lost or emptied Redis loses nothing: clips that have
 * neither a vector of this version's extractor nor a recorded failure, clips of which an augmentation still owes variants,
 * ingestions, runs and stress evaluations that are not finished.
 * What is on its way already is not enqueued twice. The memory it takes does not grow with the dataset.
 *
 * @returns What was found owing: clips; and the jobs that this call enqueued.
 * @throws SerError DATASET_NOT_FOUND, FEATURE_SET_NOT_FOUND (gone).
 */
export async function reconcile(deps: ReconcileDeps, scope: ReconcileScope = {}): Promise<ReconcileReport> {
  const { db, queues } = deps
  const busy = scope.idleStagesOnly === true ? await findBusyStages(queues) : new Set<string>()
  const features = busy.has('features') ? { featureJobs: 0, clipsOwing: 0 } : await enqueueClips(deps, scope)
  const variants = busy.has('augment') ? { augmentJobs: 0, parentsOwing: 0 } : await enqueueParents(deps)
  const ingestions = await enqueueUnfinished(
    deps,
    (page) => listUnfinishedIngestions(db, page),
    (ingestionId) => queues.enqueueIngest({ ingestionId }),
  )
  const runs = await enqueueUnfinished(
    deps,
    (page) => listUnfinishedRuns(db, page),
    (runId) => queues.enqueueTrain({ runId }),
  )
  const evaluations = await enqueueUnfinished(
    deps,
    (page) => listUnfinishedStressEvaluations(db, page),
    (evaluationId) => queues.enqueueEvaluate({ evaluationId }),
  )
  return { ...features, ...variants, ingestions, runs, evaluations }
}

async function findBusyStages(queues: ReconcileDeps['queues']): Promise<Set<string>> {
  const counts = await queues.counts()
  return new Set(counts.filter((of) => of.waiting + of.active + of.delayed > 0).map(({ name }) => name))
}

type FeatureReport = Pick<ReconcileReport, 'featureJobs' | 'clipsOwing' | 'failuresForgotten'>

async function enqueueClips(deps: ReconcileDeps, scope: ReconcileScope): Promise<FeatureReport> {
  const report = { featureJobs: 0, clipsOwing: 0 }
  let failuresForgotten = 0
  for (const owed of await listOwed(deps, scope)) {
    if (scope.retryFailed === true) {
      const { datasetId, featureSet } = owed
      failuresForgotten += await forgetFeatureFailures(deps.db, {
        datasetId,
        featureSet: featureSet.rowId,
        code: scope.code,
      })
    }
    const { jobs, clips } = await enqueueOwed(deps, owed)
    report.featureJobs += jobs
    report.clipsOwing += clips
  }
  return scope.retryFailed === true ? { ...report, failuresForgotten } : report
}

async function enqueueParents(deps: ReconcileDeps): Promise<Pick<ReconcileReport, 'augmentJobs' | 'parentsOwing'>> {
  const { db } = deps
  const report = { augmentJobs: 0, parentsOwing: 0 }
  await forEachUnfinished(
    deps,
    (page) => listUnfinishedAugmentations(db, page),
    async (id) => {
      const { jobs, clips } = await enqueueVariants(deps, id)
      if (clips === 0) await settleAugmentation(db, id)
      report.augmentJobs += jobs
      report.parentsOwing += clips
    },
  )
  return report
}

async function listOwed({ db }: ReconcileDeps, { dataset, featureSetId }: ReconcileScope): Promise<Owed[]> {
  const datasetId = dataset === undefined ? undefined : await requireDataset(db, dataset)
  if (featureSetId !== undefined && datasetId !== undefined) {
    const featureSet = await findFeatureSet(db, featureSetId)
    if (featureSet !== undefined) return [{ datasetId, featureSet }]
    throw new SerError('FEATURE_SET_NOT_FOUND', `there is no feature set ${featureSetId}`, {
      kind: 'gone',
      ids: { featureSet: featureSetId },
    })
  }
  const owed: Owed[] = []
  for (const asked of await listOwedFeatureSets(db, dataset)) {
    const featureSet = await ensureFeatureSet(db, asked.spec, extractorVersion(asked.spec))
    owed.push({ datasetId: asked.datasetId, featureSet })
  }
  return featureSetId === undefined ? owed : owed.filter(({ featureSet }) => featureSet.id === featureSetId)
}

async function requireDataset(db: Database, name: string): Promise<number> {
  const id = await findDataset(db, name)
  if (id !== undefined) return id
  throw new SerError('DATASET_NOT_FOUND', `there is no dataset named ${name}`, { kind: 'gone', ids: { dataset: name } })
}

async function enqueueOwed(
  { db, queues, pageSize = 2048 }: ReconcileDeps,
  { datasetId, featureSet }: Owed,
): Promise<{ jobs: number; clips: number }> {
  const found = { jobs: 0, clips: 0 }
  let after: string | undefined
  do {
    const scan = { datasetId, featureSet: featureSet.rowId, after, limit: pageSize }
    const page = await scanClipsOwingVectors(db, scan)
    const report = await queues.enqueueFeatures(featureJobs(featureSet.id, page.clips))
    found.jobs += enqueued(report)
    found.clips += new Set(page.clips).size
    after = page.next
  } while (after !== undefined)
  return found
}

type ListUnfinished = (page: { after: string | undefined; limit: number }) => Promise<string[]>

async function enqueueUnfinished(
  deps: ReconcileDeps,
  list: ListUnfinished,
  enqueue: (id: string) => Promise<EnqueueReport>,
): Promise<number> {
  let count = 0
  await forEachUnfinished(deps, list, async (id) => {
    count += enqueued(await enqueue(id))
  })
  return count
}

async function forEachUnfinished(
  { pageSize = 2048 }: ReconcileDeps,
  list: ListUnfinished,
  work: (id: string) => Promise<void>,
): Promise<void> {
  let after: string | undefined
  do {
    const ids = await list({ after, limit: pageSize })
    for (const id of ids) await work(id)
    after = ids.length < pageSize ? undefined : ids.at(-1)
  } while (after !== undefined)
}

function enqueued({ added, retried }: EnqueueReport): number {
  return added + retried
}
