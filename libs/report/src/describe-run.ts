import { duration, mebibytes, percent } from './format-numbers.ts'
import { describeSplit } from './describe-split.ts'
import { listNetworks, totalEpochs, type ModelVersion, type Run, type RunSpec } from '@ser/contracts'

/** What a report tells beyond the run itself. */
export type RunExtras = {
  /** Said at the top, before any figure: that the recordings are synthetic, for example. */
  readonly notice?: string
  readonly version?: ModelVersion
  /** Seconds of each stage, in order. */
  readonly stages?: readonly { readonly name: string; readonly seconds: number }[]
  readonly predictCommand?: string
  readonly repeatCommand?: string
  readonly generatedAt?: string
}

export type FactGroup = { readonly title: string; readonly facts: readonly (readonly [string, string])[] }

/** Everything that decides the numbers of a run, and where it came from, as named texts. */
export function describeRun(run: Run, extras: RunExtras): FactGroup[] {
  const groups = [
    { title: 'Specification', facts: specificationFacts(run) },
    { title: 'Provenance', facts: provenanceFacts(run, extras.version) },
  ]
  const stages = extras.stages ?? []
  if (stages.length === 0) return groups
  const total = stages.reduce((sum, { seconds }) => sum + seconds, 0)
  const times = [...stages, { name: 'total', seconds: total }]
  return [...groups, { title: 'Time', facts: times.map(({ name, seconds }) => [name, duration(seconds)] as const) }]
}

const LAYOUTS = {
  'one-step': 'one step of all values',
  steps: 'one value a step',
  frames: 'all values of a frame a step',
} as const

function describePooling({ kind, pooling }: Run['spec']['featureSet']): string {
  if (kind === 'voice') return pooling === 'mean' ? 'statistics over the recording' : 'block by block'
  return pooling === 'mean' ? 'each averaged over time' : 'frame by frame'
}

function describeExtraction(set: Run['spec']['featureSet']): string {
  if (set.kind === 'voice') {
    const blocks = set.blockMs === undefined ? '' : `, blocks of ${set.blockMs} ms`
    return `${set.sampleRate} Hz, hop ${set.hopLength}, level set, silence cut off${blocks}`
  }
  return `${set.sampleRate} Hz, FFT ${set.nFft}, hop ${set.hopLength}, ${set.window} window, ${set.nMels} mel bands, ${set.nMfcc} MFCC`
}

function specificationFacts({ spec }: Run): [string, string][] {
  const set = spec.featureSet
  return [
    ['Datasets', spec.datasets.join(', ')],
    ['Features', `${spec.features.join(' + ')}, ${describePooling(set)}`],
    ['Extraction', describeExtraction(set)],
    ['Input', LAYOUTS[spec.layout]],
    [
      'Model',
      `${spec.lstmUnits.map((units) => `LSTM ${units}`).join(', ')}, dense ${spec.denseUnits} ReLU, dropout ${spec.dropout}, softmax`,
    ],
    ['Training', `Adam ${spec.learningRate}, batch ${spec.batchSize}, ${totalEpochs(spec)} epochs`],
    ...augmentationFacts(spec),
    ...optionFacts(spec),
    ...speakerFacts(spec),
    ['Split', describeSplit(spec.split)],
    ['Seed', String(spec.seed)],
  ]
}

/** Fresh variants in every epoch; stored ones are datasets of their own. */
function augmentationFacts({ onTheFly }: RunSpec): [string, string][] {
  if (onTheFly === undefined) return []
  const { recipe, share, resources } = onTheFly
  const mixed = Object.entries(resources).map(([group, from]) => `${group} ${describeResource(from)}`)
  const using = mixed.length === 0 ? '' : `; mixed in: ${mixed.join(', ')}`
  return [
    [
      'Variants on the fly',
      `${recipe}: in each epoch ${percent(share, 0)} of the original training recordings are heard as fresh variants${using}`,
    ],
  ]
}

function describeResource(from: NonNullable<RunSpec['onTheFly']>['resources'][string]): string {
  if ('side' in from) return 'of the training side'
  const { dataset, half, split } = from
  return [
    `of ${dataset}`,
    half === undefined ? '' : ` (half ${half})`,
    split === undefined ? '' : ` (split ${split})`,
  ].join('')
}

/** Of figures of such a model one must know that it has heard the test side, if not its labels. */
function speakerFacts(spec: RunSpec): [string, string][] {
  if (!listNetworks(spec).some(({ normalisation }) => normalisation === 'speaker')) return []
  return [['Speaker statistics', 'per-speaker statistics of unlabelled test recordings (transductive)']]
}

/** What the run asks for beyond the paper's recipe, as its spec says it. */
function optionFacts(spec: RunSpec): [string, string][] {
  const known = new Set(PAPER_FIELDS)
  return Object.entries(spec).flatMap(([name, value]): [string, string][] => {
    if (known.has(name) || value === undefined) return []
    return [[titleOf(name), typeof value === 'object' ? describeOption(value) : String(value)]]
  })
}

const PAPER_FIELDS =
  'model datasets featureSet features layout split seed epochs batchSize learningRate lstmUnits denseUnits dropout onTheFly'.split(
    ' ',
  )

/** `earlyStopping` as `Early stopping`. */
function titleOf(name: string): string {
  const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return words[0].toUpperCase() + words.slice(1)
}

function describeOption(value: object): string {
  return Object.entries(value)
    .map(
      ([name, one]) => `${titleOf(name).toLowerCase()} ${typeof one === 'object' ? describeOption(one) : String(one)}`,
    )
    .join(', ')
}

function provenanceFacts(run: Run, version: ModelVersion | undefined): [string, string][] {
  const facts: [string, string | null | undefined][] = [
    ['Run', run.id],
    ['Specification hash', run.specHash],
    ['Dataset snapshot', run.snapshot?.hash],
    ['Feature set', version?.featureSetId],
    ['Model file', version === undefined ? null : `${version.artefact.sha256} (${version.artefact.bytes} bytes)`],
    ['Backend', run.backend],
    ['Code', run.codeVersion],
    ['Started', run.startedAt],
    ['Finished', run.finishedAt],
    ['Training time', trainingTime(run)],
    ['Peak memory', run.peakMemoryBytes ? `${mebibytes(run.peakMemoryBytes)} of the training process` : null],
    ['Attempts', describeAttempts(run)],
    ['Experiments', run.experiments?.join(', ') || null],
  ]
  return facts.filter((fact): fact is [string, string] => typeof fact[1] === 'string')
}

/** Of interest only when there was more than one. */
export function describeAttempts({ attempts = 1, resumedFromEpoch, restartReason }: Run): string | null {
  if (attempts < 2) return null
  const begin =
    typeof resumedFromEpoch === 'number' ? `went on after epoch ${resumedFromEpoch}` : 'began at the first epoch'
  return `${attempts}; the last one ${begin}${typeof restartReason === 'string' ? `: ${restartReason}` : ''}`
}

function trainingTime(run: Run): string | null {
  if (run.epochs.length === 0) return null
  const seconds = run.epochs.reduce((sum, epoch) => sum + epoch.seconds, 0)
  return `${duration(seconds)}, ${(seconds / run.epochs.length).toFixed(2)} s an epoch`
}
