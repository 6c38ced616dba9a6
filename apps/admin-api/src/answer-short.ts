import { probeAudio } from '@ser/audio'
import type { Stopwatch } from './create-stopwatch.ts'
import { refusalOf } from './describe-refusal.ts'
import type { Classifier, Probabilities } from './load-classifier.ts'
import type { Outcome, Question } from './predict-messages.ts'
import { levelOf, silentError, weighAnswer } from './weigh-answer.ts'

type Prepared = {
  readonly question: Question
  readonly features: Float32Array
  readonly seconds: number
  readonly sampleRate: number
}

/** Answers recordings as wholes, in one call of the model. What cannot be used is refused and does not stop the others. */
export async function answerShort(
  questions: readonly Question[],
  classifier: Classifier,
  stopwatch: Stopwatch,
): Promise<Outcome[]> {
  const prepared: (Prepared | Outcome)[] = []
  for (const question of questions) prepared.push(await prepare(question, classifier, stopwatch))
  const usable = prepared.filter((item) => 'features' in item)
  if (usable.length === 0) return prepared.filter((item) => 'state' in item)
  const classified = stopwatch.time('model', () => classifyAll(usable, classifier))
  return prepared.map((item) => ('state' in item ? item : answer(item, classified[usable.indexOf(item)])))
}

/** In one call; where the model refuses that (a recording may be too short for it), each in its own. */
function classifyAll(items: readonly Prepared[], classifier: Classifier): readonly (Probabilities | Outcome)[] {
  try {
    return classifier.classify(items.map(({ features }) => features))
  } catch (error) {
    if (items.length === 1) return [refusalOf(error)]
    return items.flatMap((item) => classifyAll([item], classifier))
  }
}

async function prepare(question: Question, classifier: Classifier, stopwatch: Stopwatch): Promise<Prepared | Outcome> {
  const { recording, looking } = question
  try {
    const { frames, sampleRate } = probeAudio(recording)
    const seconds = frames / sampleRate
    if (seconds > looking.timelineFrom && seconds <= looking.maxSeconds) return { state: 'long' }
    const { samples } = await stopwatch.timeAsync('decode', () => classifier.load(recording))
    if (levelOf(samples) < looking.silence) throw silentError(looking.silence)
    const features = stopwatch.time('features', () => classifier.featuresOf(samples))
    return { question, features, seconds, sampleRate }
  } catch (error) {
    return refusalOf(error)
  }
}

function answer({ question, seconds, sampleRate }: Prepared, probabilities: Probabilities | Outcome): Outcome {
  if ('state' in probabilities) return probabilities
  const weighed = weighAnswer(probabilities, question.looking.minConfidence)
  return { state: 'answered', answer: { ...weighed, probabilities, seconds, sampleRate, timeline: null } }
}
