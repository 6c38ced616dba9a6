import type { Evaluation, ModelVersionDetail, Run, Side, SnapshotDescription } from '@ser/contracts'
import { commonMistakes } from './common-mistakes.ts'
import { CORPUS_FACTS } from './corpus-facts.ts'
import { describeLimits } from './describe-limits.ts'
import { describeRun } from './describe-run.ts'
import { percent } from './format-numbers.ts'
import { markdownTable } from './markdown.ts'

export type ModelCardFacts = {
  readonly version: Omit<ModelVersionDetail, 'links'>
  readonly run: Run
  readonly snapshot: SnapshotDescription
  /** The figures under noise, reverberation and the like, as Markdown; left out where they were not measured. */
  readonly stress?: string
}

/**
 * The model card of a version (after Mitchell and others, 2019): what it is, what it was made from, what it can do and what not, how to use
 * it and how to make it again. Markdown, for people.
 */
export function renderModelCard({ version, run, snapshot, stress }: ModelCardFacts): string {
  const name = `${version.model}@${version.version}`
  const sections: [string, string | undefined][] = [
    ['What it is', purpose(version)],
    ['Data', data(snapshot)],
    ['How it was made', factTable(run, version, 'Specification')],
    ['What it can do', version.evaluation === null ? undefined : figures(version.evaluation)],
    ['By speaker and dataset', version.evaluation === null ? undefined : groups(version.evaluation)],
    ['Calibration', version.evaluation === null ? undefined : calibration(version.evaluation)],
    ['Under other conditions', stress ?? 'Not measured: noise, reverberation, telephone lines and the like.'],
    ['What it cannot do', limits(describeLimits(run, version.evaluation, snapshot))],
    ['How to use it', usage(name)],
    ['Provenance', factTable(run, version, 'Provenance')],
  ]
  const body = sections.flatMap(([title, text]) => (text === undefined ? [] : [`## ${title}\n\n${text}`]))
  return `${[`# Model card: ${name}`, headline(version), ...body].join('\n\n')}\n`
}

function headline({ evaluation, aliases, run }: ModelCardFacts['version']): string {
  const alias = aliases.length === 0 ? '' : ` In use as ${aliases.join(', ')}.`
  if (evaluation === null || run.snapshot === null) return `Not evaluated.${alias}`
  const shown = (figure: 'accuracy' | 'uar') => `${percent(evaluation[figure])}${interval(evaluation, figure)}`
  return `Accuracy ${shown('accuracy')}, unweighted average recall ${shown('uar')} on ${run.snapshot.test} test recordings.${alias}`
}

function purpose({ run, evaluation }: ModelCardFacts['version']): string {
  const labels = evaluation === null ? 'the emotions' : evaluation.labels.join(', ')
  return [
    `A recurrent network that takes a recording of speech and says how likely it is to be heard as one of: ${labels}. It hears how something is said, not what; it knows nothing of what a speaker feels.`,
    `Made for research and for trying out the pipeline with ${run.spec.datasets.join(', ')}. Not made for decisions about people. In the European Union, systems that infer emotions at work and in education are prohibited but for medical and safety reasons (Regulation (EU) 2024/1689, article 5 (1) (f)).`,
  ].join('\n\n')
}

function data({ datasets, labels }: SnapshotDescription): string {
  const validated = labels.some(({ validation }) => validation > 0)
  const sides = ({ train, validation, test }: Readonly<Record<Side, number>>) =>
    validated ? [train, validation, test] : [train, test]
  const sideHeads = validated ? ['Training', 'Validation', 'Test'] : ['Training', 'Test']
  const head = ['Dataset', ...sideHeads, 'Variants of them', 'Speakers', 'Licence']
  const rows = datasets.map(({ dataset, variants, speakers, layouts, ...counts }) => [
    dataset,
    ...sides(counts),
    variants,
    speakers.length <= 6 ? speakers.join(', ') : speakers.length,
    licence(layouts, variants),
  ])
  const known = [...new Set(datasets.flatMap(({ layouts }) => layouts))].flatMap((layout) => CORPUS_FACTS[layout] ?? [])
  const corpora = known.map(
    ({ name, speech, licence: terms, commercial, source }) =>
      `- ${name}: ${speech}. Licence: ${terms}. Commercial use: ${commercial}. <${source}>`,
  )
  const byLabel = markdownTable(
    ['Label', ...sideHeads],
    labels.map(({ label, ...counts }) => [label, ...sides(counts)]),
  )
  const notes = [
    ...corpora,
    ...(known.some(({ commercial }) => commercial === 'no')
      ? ['- A model that was trained on recordings which may not be used commercially is best treated in the same way.']
      : []),
  ]
  return [markdownTable(head, rows), notes.join('\n'), byLabel].filter((part) => part !== '').join('\n\n')
}

function licence(layouts: readonly string[], variants: number): string {
  const terms = layouts.map((layout) => CORPUS_FACTS[layout]?.licence ?? 'not known: labelled by a manifest')
  if (terms.length > 0) return [...new Set(terms)].join('; ')
  return variants > 0 ? 'that of the recordings that they were made from' : 'not known'
}

function factTable(run: Run, version: ModelCardFacts['version'], title: string): string {
  const facts = describeRun(run, { version }).find((group) => group.title === title)?.facts ?? []
  return markdownTable(
    ['', ''],
    facts.map(([name, value]) => [name, value]),
  )
}

function figures(evaluation: Evaluation): string {
  const names = { accuracy: 'Accuracy', uar: 'Unweighted average recall (UAR)', macroF1: 'Macro F1' } as const
  const overs = evaluation.intervals ?? []
  const head = ['Figure', 'Value', ...overs.map(({ over, units }) => `95 % over ${units} ${over}`)]
  const rows = (['accuracy', 'uar', 'macroF1'] as const).map((figure) => [
    names[figure],
    percent(evaluation[figure]),
    ...overs.map((over) => span(over[figure])),
  ])
  const classes = markdownTable(
    ['Emotion', 'Recordings', 'Precision', 'Recall', 'F1'],
    evaluation.perClass.map(({ label, support, precision, recall, f1 }) => [
      label,
      support,
      ...[precision, recall, f1].map((share) => percent(share)),
    ]),
  )
  const mistakes = commonMistakes(evaluation, 3).map(
    ({ truth, predicted, count }) => `${truth} as ${predicted} (${count})`,
  )
  const taken =
    mistakes.length === 0
      ? 'No recording of the test side was taken for another emotion.'
      : `Most often taken for another: ${mistakes.join(', ')}.`
  return [markdownTable(head, rows), classes, taken].join('\n\n')
}

function groups({ groups: all = [] }: Evaluation): string | undefined {
  if (all.length < 2) return undefined
  return markdownTable(
    ['Of', 'Recordings', 'Accuracy', 'UAR', 'Macro F1'],
    all.map(({ by, name, support, accuracy, uar, macroF1 }) => [
      `${by} ${name}`,
      support,
      ...[accuracy, uar, macroF1].map((share) => percent(share)),
    ]),
  )
}

function calibration({ calibration: found }: Evaluation): string | undefined {
  if (found === undefined) return undefined
  const rows = found.bins.map(({ low, high, count, confidence, accuracy }) => [
    `${percent(low, 0)} to ${percent(high, 0)}`,
    count,
    percent(confidence),
    percent(accuracy),
  ])
  return [
    `Expected calibration error ${percent(found.ece)}: how far confidence and share of right answers lie apart on average.`,
    markdownTable(['Confidence', 'Recordings', 'Mean confidence', 'Right'], rows),
  ].join('\n\n')
}

function limits(sentences: readonly string[]): string {
  return sentences.map((sentence) => `- ${sentence}`).join('\n')
}

function usage(name: string): string {
  const [model, version] = name.split('@')
  return [
    '```sh',
    `npx ser predict recording.wav --model ${name}`,
    `curl --data-binary @recording.wav -H 'content-type: audio/wav' -H "authorization: Bearer $SER_API_TOKEN" \\`,
    `  "$SER_API_URL/v1/predictions?model=${model}&version=${version}"`,
    '```',
  ].join('\n')
}

function interval({ intervals = [] }: Evaluation, figure: 'accuracy' | 'uar'): string {
  const found = intervals.find(({ over }) => over === 'recordings')
  return found === undefined ? '' : ` (95 %: ${span(found[figure])})`
}

function span({ low, high }: { readonly low: number; readonly high: number }): string {
  return `${(low * 100).toFixed(1)} to ${percent(high)}`
}
