import { probeAudio } from '@ser/audio'
import { SerError, type SpeakerStatistics } from '@ser/contracts'
import type { MemberRows } from '@ser/model'
import type { Stopwatch } from './create-stopwatch.ts'
import { refusalOf } from './describe-refusal.ts'
import type { Classifier, Probabilities, Whose } from './load-classifier.ts'
import type { Outcome, Question } from './predict-messages.ts'
import { levelOf, silentError, weighAnswer } from './weigh-answer.ts'

type Prepared = {
  readonly question: Question
  readonly features: MemberRows
  readonly seconds: number
  readonly sampleRate: number
}

export type ShortOptions = {
  readonly whose?: Whose
  /** Lets other work of the thread run, after each recording. */
  readonly pause?: () => Promise<unknown>
}

/** Answers recordings as wholes, in one call of the model. What cannot be used is refused and does not stop the others. */
export async function answerShort(
  questions: readonly Question[],
  classifier: Classifier,
  stopwatch: Stopwatch,
  { whose = 'anybody', pause }: ShortOptions = {},
): Promise<Outcome[]> {
  const prepared: (Prepared | Outcome)[] = []
  for (const question of questions) {
    prepared.push(await prepare(question, classifier, stopwatch))
    await pause?.()
  }
  const usable = prepared.filter((item) => 'features' in item)
  if (usable.length === 0) return prepared.filter((item) => 'state' in item)
  const classified = stopwatch.time('model', () => classifyAll(usable, classifier, whose))
  const statistics = classifier.normalisedBy(usable.length, whose)
  return prepared.map((item) => ('state' in item ? item : answer(item, classified[usable.indexOf(item)], statistics)))
}

/** In one call; where the model refuses that (a recording may be too short for it), each in its own. */
function classifyAll(
  items: readonly Prepared[],
  classifier: Classifier,
  whose: Whose,
): readonly (Probabilities | Outcome)[] {
  try {
    return classifier.classify(
      items.map(({ features }) => features),
      whose,
    )
  } catch (error) {
    // Of one speaker the others would be normalised by fewer recordings than they are said to be.
    if (items.length === 1 || whose === 'one speaker') return items.map(() => refusalOf(error))
    return items.flatMap((item) => classifyAll([item], classifier, whose))
  }
}

async function prepare(question: Question, classifier: Classifier, stopwatch: Stopwatch): Promise<Prepared | Outcome> {
  const { recording, looking } = question
  try {
    const { frames, sampleRate } = probeAudio(recording)
    const seconds = frames / sampleRate
    if (seconds > looking.timelineFrom && seconds <= looking.maxSeconds) {
      if (looking.ofOneSpeaker === true) throw tooLongError(seconds, looking.timelineFrom)
      return { state: 'long' }
    }
    const { samples } = await stopwatch.timeAsync('decode', () => classifier.load(recording))
    if (levelOf(samples) < looking.silence) throw silentError(looking.silence)
    const features = stopwatch.time('features', () => classifier.featuresOf(samples))
    return { question, features, seconds, sampleRate }
  } catch (error) {
    return refusalOf(error)
  }
}

function answer(
  { question, seconds, sampleRate }: Prepared,
  probabilities: Probabilities | Outcome,
  speakerStatistics: SpeakerStatistics | null,
): Outcome {
  if ('state' in probabilities) return probabilities
  const weighed = weighAnswer(probabilities, question.looking.minConfidence)
  return {
    state: 'answered',
    answer: { ...weighed, probabilities, seconds, sampleRate, speakerStatistics, timeline: null },
  }
}

function tooLongError(seconds: number, most: number): SerError {
  const message = `the recording lasts ${Math.round(seconds)} s: recordings of one speaker are answered as wholes, up to ${most} s; cut it, or send it without speaker=one`
  return new SerError('TOO_LONG_FOR_SPEAKER', message, { kind: 'bad-input' })
}
