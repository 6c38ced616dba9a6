import type { Evaluation, Run, SnapshotDescription, SplitSpec } from '@ser/contracts'
import { CORPUS_FACTS } from './corpus-facts.ts'
import { percent } from './format-numbers.ts'

/** Below, a class' recall may be luck. */
const FEW = 30

/** What a version's figures do not show, a sentence each: from its data, its split and its evaluation. */
export function describeLimits(run: Run, evaluation: Evaluation | null, snapshot: SnapshotDescription): string[] {
  const limits = [splitLimit(run.spec.split)]
  const layouts = new Set(snapshot.datasets.flatMap((dataset) => dataset.layouts))
  if ([...layouts].some((layout) => layout in CORPUS_FACTS)) {
    limits.push(
      'Its recordings are acted: people who were asked to sound angry, not people who were. How it does on speech as it happens was not measured.',
    )
  }
  const speakers = new Set(snapshot.datasets.flatMap((dataset) => dataset.speakers)).size
  if (speakers > 0 && speakers < 20) {
    limits.push(
      `It has heard ${speakers === 1 ? 'one speaker' : `${speakers} speakers`}. Other voices, ages, languages and accents are outside of what it was made from.`,
    )
  }
  if (evaluation !== null) limits.push(...figureLimits(evaluation))
  if (run.spec.onTheFly === undefined && snapshot.datasets.every((dataset) => dataset.variants === 0)) {
    limits.push('It was trained on recordings as they are: other rooms, microphones and noise were not added to them.')
  }
  return limits
}

function splitLimit(split: SplitSpec): string {
  switch (split.by) {
    case 'clip':
    case 'clip-fold':
      return 'The test side was drawn at random: its speakers and words are in the training side too. The figures say nothing of speakers that the model has not heard, for whom they are usually far lower.'
    case 'word':
    case 'word-fold':
      return 'The words of the test side are not in the training side, its speakers are. The figures say nothing of speakers that the model has not heard.'
    case 'speaker':
    case 'speaker-fold':
      return 'The speakers of the test side are not in the training side, but were recorded in the same way. The figures say nothing of other rooms and microphones.'
    case 'dataset':
      return 'The datasets of the test side are not in the training side. The figures are those of other recordings and speakers, of these datasets.'
    default:
      return 'The two sides are as the manifest of the dataset says; what that keeps apart, its author knows.'
  }
}

function figureLimits({ intervals = [], perClass, calibration }: Evaluation): string[] {
  const limits: string[] = []
  if (intervals.length > 0) {
    const over = intervals.some((interval) => interval.over === 'speakers')
      ? 'recordings or speakers'
      : 'recordings of the same speakers'
    limits.push(
      `The intervals say what other ${over} might give, and nothing of another seed or of other data to train on.`,
    )
  }
  const few = perClass.filter(({ support }) => support < FEW)
  if (few.length > 0) {
    const names = few.map(({ label, support }) => `${label} (${support})`).join(', ')
    limits.push(`Tested on fewer than ${FEW} recordings of ${names}: their figures are rough.`)
  }
  if (calibration !== undefined && calibration.ece > 0.05) {
    limits.push(
      `Its confidence is off by ${percent(calibration.ece)} on average: do not read it as a probability of being right.`,
    )
  }
  return limits
}
