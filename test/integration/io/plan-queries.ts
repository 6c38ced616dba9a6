import { randomUUID } from 'node:crypto'
import {
  augmentRequestSchema,
  featureSpecSchema,
  ingestRequestSchema,
  runSpecSchema,
  stressRequestSchema,
} from '@ser/contracts'
import {
  addToExperiment,
  beginTraining,
  completeRun,
  completeStressEvaluation,
  countAugmentedClips,
  countPathsAdded,
  createAugmentation,
  createIngestion,
  createRun,
  createStressEvaluation,
  deleteDatasetClips,
  deleteOtherRejections,
  deleteRunCheckpoint,
  describeSnapshot,
  endRun,
  ensureDataset,
  ensureFeatureSet,
  ensureRecipe,
  ensureResourceSet,
  failStressEvaluation,
  findAugmentationWork,
  findClipsOwingVariants,
  findClipsOwingVectors,
  findDataset,
  findFeatureSet,
  findRecipe,
  findRunVariants,
  findSharedClips,
  findStoredClips,
  findTrainingResources,
  findVariants,
  finishIngestion,
  forgetFeatureFailures,
  getAugmentation,
  getClip,
  getDefaultModel,
  getFeatureProgress,
  getIngestion,
  getModel,
  getModelVersion,
  getRun,
  getRunSummary,
  getStressEvaluation,
  getVersionDetail,
  hasOneSource,
  insertRejections,
  isRunWanted,
  listAugmentations,
  listClipModels,
  listClips,
  listDatasets,
  listEndedCheckpoints,
  listExperimentRuns,
  listExperiments,
  listFeatureProgress,
  listFeatureSets,
  listIngestions,
  listMixedRoots,
  listModelVersions,
  listModels,
  listOwedFeatureSets,
  listRecordings,
  listRegistryChanges,
  listRejections,
  listRoots,
  listRunEpochs,
  listRuns,
  listStressEvaluations,
  listStressParts,
  listTestRecordings,
  listUnfinishedAugmentations,
  listUnfinishedIngestions,
  listUnfinishedRuns,
  listUnfinishedStressEvaluations,
  listVariantSteps,
  listVersionClips,
  measureRecordings,
  promoteVersion,
  readCommonPredictions,
  readMatrices,
  readRunPredictions,
  recordFeatureFailures,
  registerDatasetClips,
  findOtherLabels,
  upsertVectors,
  releaseRun,
  removeAlias,
  requestRunCancel,
  resolveModelVersion,
  rollBackAlias,
  scanClipsOwingVariants,
  scanClipsOwingVectors,
  setDefaultModel,
  setStressRecordings,
  settleAugmentation,
  startIngestion,
  startRun,
  startStressEvaluation,
  storeRunCheckpoint,
  storeRunEpoch,
  storeRunMemory,
  storeRunSnapshot,
  storeStressPart,
  storeVariants,
  type Database,
  type Page,
  type PageRequest,
  type Queryable,
  updateIngestionProgress,
  upsertClips,
  upsertMatrices,
} from '@ser/database'
import { evaluatePredictions } from '@ser/metrics'
import { featureQuery, pathQuery, type FeatureColumn } from '../../../libs/database/src/clip-queries.ts'
import { COPY_PLANNING } from '../../../libs/database/src/copy-rows.ts'
import { writeCursor } from '../../../libs/database/src/read-cursor.ts'
import type { Crowd } from './fill-crowd.ts'
import { clipRow, datasetClipRow, hashOf, oddVector } from './sample-rows.ts'

export type Operation = (on: Database) => Promise<unknown>

/** What libs/database exports that has no plan, and why. */
export const WITHOUT_PLAN: Readonly<Record<string, string>> = {
  createDatabase: 'makes the pool; asks nothing',
  mapDatabaseError: 'asks nothing',
  migrate: 'changes tables, once',
  readMigrations: 'reads files',
  modelNotFound: 'makes an error',
  paginate: 'asks nothing',
  readCursor: 'asks nothing',
  writeCursor: 'asks nothing',
  watchModelChanges: 'listens; reads no table',
  withAdvisoryLock: 'locks a name; reads no table',
}

/** Tables that an operation does read from end to end, and why that is right. */
export const MAY_SCAN: Readonly<Record<string, { readonly tables: RegExp; readonly why: string }>> = {
  'listOwedFeatureSets of all datasets': {
    tables: /^(ingestions|augmentations)$/,
    why: 'all requests are what it lists',
  },
  listExperiments: { tables: /^(experiment_runs|runs)$/, why: 'counts the runs of every experiment' },
}

const page = { limit: 50 }
const by = { token: 'x', onBehalfOf: null }
const counts = { found: 1, total: 1, stored: 1, unchanged: 0, rejected: 0 }
const epoch = { epoch: 1, trainLoss: 1, trainAccuracy: 0, testLoss: 1, testAccuracy: 0, seconds: 1 }
const checkpoint = {
  epoch: 1,
  key: 'x',
  sha256: hashOf('x'),
  bytes: 1,
  snapshotHash: hashOf('x'),
  codeVersion: 'x',
  backend: 'x',
}
const runSpec = runSpecSchema.parse({ datasets: ['small'], model: 'model-1' })
const ingestRequest = ingestRequestSchema.parse({ dataset: 'small', source: { kind: 'folder', path: '/small' } })
const stressRequest = stressRequestSchema.parse({})

/** Every operation of libs/database, as the apps use it, by its name; where one has several plans, after a comma or a space what is different. */
export function planQueries({ small, work, runId, stressId, ingestionId }: Crowd): Record<string, Operation> {
  const { datasetId } = small
  const featureSet = small.featureSet.rowId
  const some = small.shas.slice(0, 64)
  const attempt = { id: runId, attempt: 1 }
  return {
    upsertClips: (on) => upsertClips(on, small.shas.map(clipRow)),
    registerDatasetClips: (on) =>
      registerDatasetClips(
        on,
        datasetId,
        small.shas.map((sha, index) => datasetClipRow(`small/${index}.wav`, sha)),
      ),
    findClipsOwingVectors: (on) => findClipsOwingVectors(on, featureSet, small.shas.slice(0, 256)),
    'scanClipsOwingVectors, first page': (on) =>
      scanClipsOwingVectors(on, { datasetId: datasetId, featureSet: featureSet, limit: 256 }),
    'scanClipsOwingVectors, later page': (on) =>
      scanClipsOwingVectors(on, {
        datasetId: datasetId,
        featureSet: featureSet,
        after: 'small/1',
        limit: 256,
      }),
    'scanClipsOwingVariants, first page': (on) => scanClipsOwingVariants(on, { augmentationId: work.id, limit: 256 }),
    'scanClipsOwingVariants, later page': (on) =>
      scanClipsOwingVariants(on, { augmentationId: work.id, after: 'small/1', limit: 256 }),
    findClipsOwingVariants: (on) => findClipsOwingVariants(on, work, some),
    findVariants: (on) => findVariants(on, work, some),
    'storeVariants, its rows': (on) =>
      storeVariants(on, work, small.shas[0], [
        { copy: 0, clip: clipRow(hashOf('variant')), applied: [], outputGainDb: 0 },
      ]),
    'storeVariants, its paths': (on) => storeVariants(on, work, small.shas[0], []),
    upsertVectors: (on) =>
      upsertVectors(
        on,
        featureSet,
        some.map((sha256) => ({ sha256, values: oddVector(1) })),
      ),
    recordFeatureFailures: (on) =>
      recordFeatureFailures(on, featureSet, [{ sha256: hashOf('x'), code: 'x', message: 'x' }]),
    readVectors: (on) => explainCopies(on, { datasets: [datasetId], featureSet, column: 'vector' }),
    upsertMatrices: (on) =>
      upsertMatrices(
        on,
        featureSet,
        some.map((sha256) => ({ sha256, frames: 3, matrix: new Uint8Array(6) })),
      ),
    listMatrices: (on) => explainCopies(on, { datasets: [datasetId], featureSet, column: 'frames' }),
    readMatrices: async (on) => {
      const clips = some.map((sha256) => ({ sha256, frames: 3 }))
      await upsertMatrices(
        on,
        featureSet,
        clips.map((clip) => ({ ...clip, matrix: new Uint8Array(6) })),
      )
      for await (const rows of readMatrices(on, featureSet, clips))
        if (rows.length !== clips.length) throw new Error('not all')
    },
    getFeatureProgress: (on) => getFeatureProgress(on, 'small', small.featureSet.id),
    listFeatureProgress: (on) => listFeatureProgress(on, 'small'),
    listFeatureSets: (on) => listFeatureSets(on),
    listDatasets: (on) => listDatasets(on),
    'listClips, all': (on) => listClips(on, {}, page),
    'listClips, all, later page': (on) => secondPage(on, (each, at) => listClips(each, {}, at)),
    'listClips of a dataset': (on) => listClips(on, { dataset: 'small' }, page),
    'listClips of a dataset and a label, later page': (on) =>
      secondPage(on, (each, at) => listClips(each, { dataset: 'small', label: 'angry' }, at)),
    'listRejections, all': (on) => listRejections(on, {}, page),
    'listRejections, all, later page': (on) => secondPage(on, (each, at) => listRejections(each, {}, at)),
    'listRejections of a dataset': (on) => listRejections(on, { dataset: 'small' }, page),
    'listRejections, failed vectors': (on) =>
      listRejections(on, {}, { ...page, cursor: writeCursor([1, 0, '', 0, '']) }),
    'listRejections, failed vectors, later page': (on) =>
      secondPage(on, (each, at) =>
        listRejections(each, {}, { cursor: writeCursor([1, 1, '80'.repeat(32), 0, '']), ...at }),
      ),
    'listRejections, failed variants': (on) =>
      listRejections(on, {}, { ...page, cursor: writeCursor([2, 0, '', 0, '']) }),
    listOwedFeatureSets: (on) => listOwedFeatureSets(on, 'small'),
    'listOwedFeatureSets of all datasets': (on) => listOwedFeatureSets(on),
    listMixedRoots: (on) => listMixedRoots(on, some),
    listRoots: (on) => listRoots(on, some),
    measureRecordings: (on) => measureRecordings(on, some),
    findRunVariants: (on) => findRunVariants(on, runId),
    listVersionClips: (on) => listVersionClips(on, { runId }, page),
    listRegistryChanges: (on) => listRegistryChanges(on, { model: 'x' }, page),
    listRecordings: (on) => listRecordings(on, { dataset: 'small' }, 1000),
    findSharedClips: (on) => findSharedClips(on, ['small', 'other']),
    findStoredClips: (on) => findStoredClips(on, some),
    findOtherLabels: (on) =>
      findOtherLabels(
        on,
        datasetId,
        some.map((sha256) => ({ path: 'x', sha256, label: 'sad' })),
      ),
    countPathsAdded: (on) => countPathsAdded(on, datasetId, new Date().toISOString()),
    deleteDatasetClips: (on) => deleteDatasetClips(on, datasetId, ['a', 'b']),
    deleteOtherRejections: (on) => deleteOtherRejections(on, datasetId, ['a', 'b']),
    getClip: (on) => getClip(on, small.shas[0]),
    listClipModels: (on) => listClipModels(on, small.shas[0], page),
    findTrainingResources: (on) => findTrainingResources(on, runId, some),
    describeSnapshot: (on) => describeSnapshot(on, runId),
    listTestRecordings: (on) => listTestRecordings(on, runId, { limit: 100, seed: 1 }),
    listVariantSteps: (on) => listVariantSteps(on, some),
    // Of a set without failures: what it reads are a set's own.
    forgetFeatureFailures: (on) => forgetFeatureFailures(on, { datasetId: datasetId, featureSet: featureSet + 1 }),
    listRunEpochs: (on) => listRunEpochs(on, runId),
    getRun: (on) => getRun(on, runId),
    listRuns: (on) => listRuns(on, {}, page),
    readRunPredictions: async (on) => {
      for await (const rows of readRunPredictions(on, runId, { pageRows: 100 })) {
        if (rows.length > 0) break
      }
    },
    readCommonPredictions: (on) => readCommonPredictions(on, { first: runId, second: runId }, 1000),

    // Requests.
    ensureDataset: (on) => ensureDataset(on, 'a new one'),
    findDataset: (on) => findDataset(on, 'small'),
    ensureFeatureSet: (on) => ensureFeatureSet(on, featureSpecSchema.parse({}), 'another'),
    findFeatureSet: (on) => findFeatureSet(on, small.featureSet.id),
    ensureRecipe: (on) => ensureRecipe(on, { hash: hashOf('y'), name: 'y', version: 1, transforms: '1', spec: {} }),
    findRecipe: (on) => findRecipe(on, { name: 'x', transforms: '1' }),
    ensureResourceSet: (on) => ensureResourceSet(on, { noise: some }),
    createIngestion: (on) => createIngestion(on, { id: randomUUID(), request: ingestRequest }),
    startIngestion: (on) => startIngestion(on, ingestionId),
    updateIngestionProgress: (on) => updateIngestionProgress(on, ingestionId, counts),
    finishIngestion: (on) => finishIngestion(on, ingestionId, { counts, error: null }),
    getIngestion: (on) => getIngestion(on, ingestionId),
    'listIngestions, all': (on) => listIngestions(on, {}, page),
    'listIngestions of a dataset': (on) => listIngestions(on, { dataset: 'small' }, page),
    listUnfinishedIngestions: (on) => listUnfinishedIngestions(on, { limit: 100 }),
    hasOneSource: (on) => hasOneSource(on, datasetId, ingestRequest.source),
    insertRejections: (on) =>
      insertRejections(on, datasetId, [{ path: 'x', sha256: null, code: 'not_audio', message: 'x' }]),
    createAugmentation: (on) =>
      createAugmentation(on, {
        id: randomUUID(),
        request: augmentRequestSchema.parse({ dataset: 'small', recipe: 'x', copies: 1 }),
        datasetId,
        intoDatasetId: datasetId,
        recipe: work.recipe.rowId,
        resourceSet: work.resourceSet.rowId,
      }),
    findAugmentationWork: (on) => findAugmentationWork(on, work.id),
    countAugmentedClips: (on) => countAugmentedClips(on, work, [{ sha256: some[0], failure: null }]),
    settleAugmentation: (on) => settleAugmentation(on, work.id),
    getAugmentation: (on) => getAugmentation(on, work.id),
    'listAugmentations, all': (on) => listAugmentations(on, {}, page),
    'listAugmentations of a dataset': (on) => listAugmentations(on, { dataset: 'small' }, page),
    listUnfinishedAugmentations: (on) => listUnfinishedAugmentations(on, { limit: 100 }),

    // Runs, what they leave while they train, and experiments.
    createRun: (on) => createRun(on, { id: randomUUID(), spec: runSpec, experiment: 'experiment-1' }),
    startRun: (on) => startRun(on, runId, { codeVersion: 'x' }),
    beginTraining: (on) => beginTraining(on, attempt, { backend: 'x' }),
    isRunWanted: (on) => isRunWanted(on, attempt),
    storeRunSnapshot: (on) =>
      storeRunSnapshot(on, attempt, {
        hash: hashOf('x'),
        clips: some.map((sha256) => ({ sha256, label: 0, side: 'train' })),
      }),
    storeRunEpoch: (on) => storeRunEpoch(on, attempt, epoch),
    storeRunMemory: (on) => storeRunMemory(on, attempt, 1),
    storeRunCheckpoint: (on) => storeRunCheckpoint(on, attempt, checkpoint),
    deleteRunCheckpoint: (on) => deleteRunCheckpoint(on, runId),
    listEndedCheckpoints: (on) => listEndedCheckpoints(on, 100),
    completeRun: async (on) => {
      await on.query('delete from run_predictions where run_id = $1', [runId])
      await completeRun(on, attempt, {
        model: 'model-1',
        evaluation: evaluatePredictions({ truth: [0, 1], probabilities: [0.75, 0.25, 0.5, 0.5], labels: ['a', 'b'] }),
        artefact: { key: 'x', sha256: hashOf('x'), bytes: 1 },
        featureSet,
        predictions: some.map((sha256) => ({
          sha256,
          label: 0,
          predicted: 0,
          probabilities: Float32Array.of(1, 0),
          dataset: 'small',
          speaker: 'x',
          condition: 'clean',
        })),
      })
    },
    endRun: (on) => endRun(on, attempt, { status: 'cancelled' }),
    releaseRun: (on) => releaseRun(on, attempt),
    requestRunCancel: (on) => requestRunCancel(on, runId),
    getRunSummary: (on) => getRunSummary(on, runId),
    'listRuns, those of an experiment': (on) => listRuns(on, { experiment: 'experiment-1' }, page),
    'listRuns, those of a spec': (on) => listRuns(on, { specHash: hashOf('x') }, page),
    listUnfinishedRuns: (on) => listUnfinishedRuns(on, { limit: 100 }),
    addToExperiment: (on) => addToExperiment(on, 'experiment-1', runId),
    listExperimentRuns: (on) => listExperimentRuns(on, 'experiment-1', 100),
    listExperiments: (on) => listExperiments(on, 100),

    // Models, and what is measured with them.
    getModel: (on) => getModel(on, 'model-1'),
    listModels: (on) => listModels(on),
    listModelVersions: (on) => listModelVersions(on, 'model-1'),
    'getModelVersion, a certain one': (on) => getModelVersion(on, { model: 'model-1', version: 1 }),
    'getModelVersion, the newest of all': (on) => getModelVersion(on, {}),
    getVersionDetail: (on) => getVersionDetail(on, { model: 'model-1', version: 1 }),
    'resolveModelVersion, an alias': (on) => resolveModelVersion(on, { model: 'model-1', alias: 'champion' }),
    'resolveModelVersion, any': (on) => resolveModelVersion(on, {}),
    getDefaultModel: (on) => getDefaultModel(on),
    setDefaultModel: (on) => setDefaultModel(on, { model: 'model-1', by, reason: undefined }),
    promoteVersion: (on) =>
      promoteVersion(on, {
        model: 'model-1',
        version: 2,
        alias: 'challenger',
        expected: undefined,
        by,
        forced: false,
        reason: undefined,
        gate: undefined,
      }),
    rollBackAlias: async (on) => {
      const promotion = { model: 'model-1', alias: 'challenger', by, forced: false, reason: undefined, gate: undefined }
      await promoteVersion(on, { ...promotion, version: 2, expected: undefined })
      await promoteVersion(on, { ...promotion, version: 3, expected: 2 })
      await rollBackAlias(on, { ...promotion, from: 3 })
    },
    removeAlias: (on) => removeAlias(on, { model: 'model-1', alias: 'champion', by, reason: undefined }),
    createStressEvaluation: (on) =>
      createStressEvaluation(on, {
        id: randomUUID(),
        model: 'model-1',
        version: 1,
        request: stressRequest,
        conditions: [],
        members: {},
      }),
    startStressEvaluation: (on) => startStressEvaluation(on, stressId),
    setStressRecordings: (on) => setStressRecordings(on, stressId, 1),
    storeStressPart: (on) => storeStressPart(on, stressId, { part: 0, recordings: 1, predicted: new Uint8Array(1) }),
    listStressParts: (on) => listStressParts(on, stressId),
    completeStressEvaluation: (on) => completeStressEvaluation(on, stressId, { labels: [], results: [] }),
    failStressEvaluation: (on) => failStressEvaluation(on, stressId, { code: 'x', message: 'x' }),
    getStressEvaluation: (on) => getStressEvaluation(on, stressId),
    listStressEvaluations: (on) => listStressEvaluations(on, { model: 'model-1', version: 1, limit: 50 }),
    listUnfinishedStressEvaluations: (on) => listUnfinishedStressEvaluations(on, { limit: 100 }),
  }
}

/** The next page of a list. */
async function secondPage(
  on: Queryable,
  list: (db: Queryable, page: PageRequest) => Promise<Page<unknown>>,
): Promise<unknown> {
  const { nextCursor } = await list(on, page)
  if (nextCursor === null) throw new Error('there is no second page')
  return list(on, { ...page, cursor: nextCursor })
}

/** What `copyClips` copies. */
async function explainCopies(
  on: Queryable,
  of: { readonly datasets: readonly number[]; readonly featureSet: number; readonly column: FeatureColumn },
): Promise<void> {
  await on.query(COPY_PLANNING)
  await on.query(pathQuery(of.datasets))
  await on.query(featureQuery({ ...of, paths: 400, share: 1 }))
}
