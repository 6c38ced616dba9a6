import { duration } from './format-numbers.ts'
import type { ModelVersion, Run, SplitSpec } from '@ser/contracts'

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

function specificationFacts({ spec }: Run): [string, string][] {
  const set = spec.featureSet
  return [
    ['Datasets', spec.datasets.join(', ')],
    [
      'Features',
      `${spec.features.join(' + ')}, ${set.pooling === 'mean' ? 'each averaged over time' : 'frame by frame'}`,
    ],
    [
      'Extraction',
      `${set.sampleRate} Hz, FFT ${set.nFft}, hop ${set.hopLength}, ${set.window} window, ${set.nMels} mel bands, ${set.nMfcc} MFCC`,
    ],
    ['Input', spec.layout === 'one-step' ? 'one step of all values' : 'one value a step'],
    [
      'Model',
      `${spec.lstmUnits.map((units) => `LSTM ${units}`).join(', ')}, dense ${spec.denseUnits} ReLU, dropout ${spec.dropout}, softmax`,
    ],
    ['Training', `Adam ${spec.learningRate}, batch ${spec.batchSize}, ${spec.epochs} epochs`],
    ['Split', describeSplit(spec.split)],
    ['Seed', String(spec.seed)],
  ]
}

function describeSplit(split: SplitSpec): string {
  switch (split.by) {
    case 'speaker':
      return `unseen speakers: ${split.test.join(', ')} on the test side`
    case 'dataset':
      return `unseen datasets: ${split.test.join(', ')} on the test side`
    case 'speaker-fold':
      return `unseen speakers: fold ${split.fold} of ${split.folds} on the test side`
    case 'word-fold':
      return `unseen words: fold ${split.fold} of ${split.folds} on the test side`
    case 'clip-fold':
      return `at random, fold ${split.fold} of ${split.folds} on the test side`
    case 'clip':
      return `at random, ${share(split.test)} on the test side`
    case 'word':
      return `unseen words, ${share(split.test)} on the test side`
    default:
      return 'as the manifest says'
  }
}

/** A count, or a fraction below 1. */
function share(test: number): string {
  return test < 1 ? `${test * 100} %` : String(test)
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
  ]
  return facts.filter((fact): fact is [string, string] => typeof fact[1] === 'string')
}

function trainingTime(run: Run): string | null {
  if (run.epochs.length === 0) return null
  const seconds = run.epochs.reduce((sum, epoch) => sum + epoch.seconds, 0)
  return `${duration(seconds)}, ${(seconds / run.epochs.length).toFixed(2)} s an epoch`
}
