import {
  canonicalJson,
  EMOTIONS,
  featureSetId,
  listNetworks,
  SerError,
  type FeatureSpec,
  type NetworkSpec,
  type RunSpec,
} from '@ser/contracts'
import type { TestGroups } from '@ser/metrics'
import {
  findFeatureSet,
  findSharedClips,
  getFeatureProgress,
  listVariantSteps,
  type Database,
  type StoredFeatureSet,
} from '@ser/database'
import { CLEAN, describeCondition } from './describe-condition.ts'
import { divideRun, type DividedRun } from './divide-run.ts'
import { joinDatasets, type KnownClip } from './join-datasets.ts'
import { checkSize, openExamples, type ExampleSource } from './open-examples.ts'

/** Features that a network sees, or several networks. */
export type PreparedInput = {
  readonly featureSet: StoredFeatureSet
  readonly source: ExampleSource
  /** Where a recording lies that lies in a row of the first input. */
  readonly rowOf: (row: number) => number
}

/** The recordings of a run with their sides, and who sees what of them: everything that its numbers depend on besides its spec. */
export type PreparedRun = Omit<DividedRun, 'test'> & {
  /** The networks in the order in which they are trained, and which of the inputs each sees. */
  readonly networks: readonly { readonly spec: NetworkSpec; readonly input: number }[]
  readonly inputs: readonly PreparedInput[]
  /** The SHA-256 of each test recording, in the order of its side. */
  readonly testClips: readonly string[]
  readonly testGroups: Required<TestGroups>
}

export type PrepareOptions = {
  /** The version of the code that computes features. */
  readonly extractorVersion: (spec: FeatureSpec) => string
  /** What the examples of a run may take in memory. */
  readonly mostExampleBytes: number
}

/**
 * Reads the vectors that a run trains on, or finds its matrices, and divides them.
 *
 * Clips whose label is none of the seven emotions and is not relabelled, and clips whose vector could not be made, take no part.
 *
 * @throws SerError RUN_NEEDS_FRAMES, RUN_NEEDS_POOLED_FEATURES, RUN_NO_CLIPS, RUN_ONE_CLASS, RUN_LABELS_CONFLICT, RUN_SPEAKERS_CONFLICT, RUN_TOO_LARGE,
 *   SPLIT_... (bad-input), RUN_VECTORS_OWED (conflict)
 */
export async function prepareRun(db: Database, spec: RunSpec, options: PrepareOptions): Promise<PreparedRun> {
  const networks = listNetworks(spec)
  for (const network of networks) checkLayout(network)
  const seen = new Map(
    networks.map(({ featureSet, features }) => [inputKey({ featureSet, features }), { featureSet, features }]),
  )
  const opened = []
  for (const { featureSet, features } of seen.values()) {
    opened.push(await openInput(db, { datasets: spec.datasets, featureSet, features }, options))
  }
  const [{ source }] = opened
  const inputs = opened.map((input) => ({ ...input, rows: matchRows(source, input.source) }))
  const joined = joinDatasets(source, await findSharedClips(db, spec.datasets), spec)
  const known = joined.filter(({ row }) => inputs.every(({ rows }) => rows[row] >= 0))
  if (known.length === 0) {
    throw refuse('RUN_NO_CLIPS', `no recording with features has one of the labels ${EMOTIONS.join(', ')}`)
  }
  const bytes = inputs.map((input) => input.source.bytesOf(known.map(({ row }) => input.rows[row])))
  // With fresh variants those of this epoch and of the next are there too.
  const copies = spec.onTheFly === undefined ? 1 : 3
  checkSize(
    bytes.reduce((sum, each) => sum + copies * each, 0),
    options.mostExampleBytes,
  )
  const { test, ...divided } = await divideRun(db, known, spec)
  const keys = [...seen.keys()]
  return {
    networks: networks.map((network) => ({ spec: network, input: keys.indexOf(inputKey(network)) })),
    inputs: inputs.map(({ featureSet, source: own, rows }) => ({ featureSet, source: own, rowOf: (row) => rows[row] })),
    ...divided,
    testClips: test.map(({ sha256 }) => sha256),
    testGroups: await groupClips(db, test),
  }
}

function inputKey({ featureSet, features }: Pick<NetworkSpec, 'featureSet' | 'features'>): string {
  return canonicalJson({ featureSet, features })
}

type Seen = Pick<NetworkSpec, 'datasets' | 'featureSet' | 'features'>

async function openInput(
  db: Database,
  { datasets, featureSet: spec, features: groups }: Seen,
  { extractorVersion }: PrepareOptions,
): Promise<{ featureSet: StoredFeatureSet; source: ExampleSource }> {
  const setId = featureSetId(spec, extractorVersion(spec))
  for (const dataset of datasets) await checkDataset(db, dataset, { setId, spec })
  const featureSet = await findFeatureSet(db, setId)
  if (featureSet === undefined) throw refuse('RUN_NO_CLIPS', 'no recording has features of this kind yet')
  return { featureSet, source: await openExamples(db, { datasets, featureSet, groups }) }
}

/** For each row of one source that of the same recording in another, -1 where its features could not be made. */
function matchRows(from: ExampleSource, to: ExampleSource): readonly number[] {
  if (from === to) return from.clips.map((_, row) => row)
  const rows = new Map(to.clips.map(({ sha256 }, row) => [sha256, row]))
  return from.clips.map(({ sha256 }) => rows.get(sha256) ?? -1)
}

function checkLayout({ layout, featureSet: { pooling } }: NetworkSpec): void {
  if (layout === 'frames' && pooling !== 'frames') {
    throw refuse('RUN_NEEDS_FRAMES', 'the layout "frames" needs every frame: train on features with pooling "frames"')
  }
  if (layout !== 'frames' && pooling === 'frames') {
    throw refuse(
      'RUN_NEEDS_POOLED_FEATURES',
      `the layout "${layout}" sees one vector a recording: train on features with pooling "mean", or with the layout "frames"`,
    )
  }
}

/** Refuses a dataset that has nothing to train on, or not everything yet. */
async function checkDataset(
  db: Database,
  dataset: string,
  { setId, spec }: { readonly setId: string; readonly spec: FeatureSpec },
): Promise<void> {
  const { clips, vectors, failed } = await getFeatureProgress(db, dataset, setId)
  if (clips === 0) throw refuse('RUN_NO_CLIPS', `the dataset ${dataset} has no recordings: ingest it first`)
  const owed = clips - vectors - failed
  if (owed > 0) {
    const cure =
      vectors + failed === 0
        ? `wait for the feature workers where they were asked for; else ask for them by ingesting or augmenting it again with --set '${JSON.stringify(spec)}'`
        : 'wait for the feature workers, and reconcile if they have nothing to do'
    const message = `${owed} of the ${clips} recordings of ${dataset} have no features of this kind yet: ${cure}; then retry`
    throw new SerError('RUN_VECTORS_OWED', message, { kind: 'conflict', ids: { owed, clips } })
  }
  if (vectors === 0) {
    throw refuse('RUN_NO_CLIPS', `the features of all ${failed} recordings of ${dataset} failed: see its rejections`)
  }
}

async function groupClips(db: Database, clips: readonly KnownClip[]): Promise<PreparedRun['testGroups']> {
  const variants = clips.filter(({ parent }) => typeof parent === 'string').map(({ sha256 }) => sha256)
  const steps = await listVariantSteps(db, variants)
  return {
    speakers: clips.map(({ speaker }) => speaker),
    datasets: clips.map(({ datasets }) => datasets.join(', ')),
    conditions: clips.map(({ sha256 }) => {
      const made = steps.get(sha256)
      return made === undefined ? CLEAN : describeCondition(made)
    }),
  }
}

function refuse(code: string, message: string): SerError {
  return new SerError(code, message, { kind: 'bad-input' })
}
