import { SerError, type ModelVersion, type Prediction, type PredictionOptions } from '@ser/contracts'
import type { ResolvedModelVersion } from '@ser/database'
import type { PredictionMetrics, PredictionOutcome } from '@ser/telemetry'
import type { ModelChooser } from './choose-model.ts'
import { describeProblem } from './describe-problem.ts'
import type { Answer, Looking, Question } from './predict-messages.ts'
import type { Asked, Sent } from './read-recordings.ts'

export type AnswerDeps = {
  readonly predict: (
    questions: readonly Question[],
    version: ModelVersion,
    signal: AbortSignal,
  ) => readonly Promise<Answer>[]
  readonly models: Pick<ModelChooser, 'choose'>
  readonly counts: Pick<PredictionMetrics, 'count'>
  readonly limits: PredictionTimes
}

export type PredictionTimes = {
  /** The longest recording, in seconds. */
  readonly recordingSeconds: number
  /** Longer recordings are answered with a timeline. */
  readonly timelineSeconds: number
}

const WINDOW_SECONDS = 2
const SILENCE_DBFS = -65

/**
 * Answers the recordings of a request, in order, all by the same version; one that cannot be used does not spoil the others.
 *
 * @throws what is about the request: no such model, or PREDICTIONS_BUSY
 */
export async function answerRecordings(
  { recordings, options, ofOneSpeaker = false }: Asked,
  signal: AbortSignal,
  { predict, models, counts, limits }: AnswerDeps,
): Promise<readonly PromiseSettledResult<Prediction>[]> {
  const looking = { ...lookingOf(options, limits), ...(ofOneSpeaker ? { ofOneSpeaker } : {}) }
  if (ofOneSpeaker && looking.asTimeline) throw timelineError()
  const { model, version, alias } = options
  let answers: Promise<Answer>[]
  let chosen: ResolvedModelVersion
  try {
    chosen = await models.choose({ model, version, alias })
    const questions = recordings.flatMap((sent) => ('bytes' in sent ? [{ recording: sent.bytes, looking }] : []))
    answers = [...predict(questions, chosen.modelVersion, signal)]
  } catch (error) {
    counts.count(outcomeOf({ status: 'rejected', reason: error }), recordings.length)
    throw error
  }
  const signed = async (sent: Sent): Promise<Prediction> => {
    if ('error' in sent) throw sent.error
    const answer = await answers.shift()!
    const { modelVersion, alias: named, chosenBy } = chosen
    return { model: modelVersion.model, version: modelVersion.version, alias: named, chosenBy, ...answer }
  }
  const results = await Promise.allSettled(recordings.map(signed))
  for (const result of results) counts.count(outcomeOf(result))
  return results
}

function lookingOf(
  { window, hop, silence, minConfidence }: PredictionOptions,
  { recordingSeconds, timelineSeconds }: PredictionTimes,
): Looking {
  const length = window ?? Math.max(WINDOW_SECONDS, hop ?? 0)
  return {
    maxSeconds: recordingSeconds,
    timelineFrom: timelineSeconds,
    asTimeline: window !== undefined || hop !== undefined,
    window: length,
    hop: hop ?? length / 2,
    silence: silence ?? SILENCE_DBFS,
    minConfidence: minConfidence ?? 0,
  }
}

function timelineError(): SerError {
  const message = 'recordings of one speaker are answered as wholes: leave window and hop out, or speaker'
  return new SerError('OPTIONS_INVALID', message, { kind: 'bad-input' })
}

const OUTCOME_OF_CODE: Readonly<Record<string, PredictionOutcome>> = {
  SILENT: 'silent',
  PREDICTIONS_BUSY: 'busy',
  PREDICTION_TIMEOUT: 'timeout',
  PREDICTION_CANCELLED: 'cancelled',
}

function outcomeOf(result: PromiseSettledResult<Prediction>): PredictionOutcome {
  if (result.status === 'fulfilled') return result.value.uncertain ? 'uncertain' : 'answered'
  // What becomes of it, as the client is told.
  const { code, status } = describeProblem(result.reason, '')
  return OUTCOME_OF_CODE[code] ?? (status < 500 ? 'refused' : 'failed')
}
