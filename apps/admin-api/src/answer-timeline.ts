import { probeAudio, streamWaveformAsync } from '@ser/audio'
import { PREDICTION_LIMITS, SerError, type PredictionWindow, type Timeline } from '@ser/contracts'
import type { Stopwatch } from './create-stopwatch.ts'
import { cutWindows, type CutWindow } from './cut-windows.ts'
import { refusalOf } from './describe-refusal.ts'
import { mapEmotions, type Classifier, type Probabilities } from './load-classifier.ts'
import type { Looking, Outcome, Question } from './predict-messages.ts'
import { levelOf, silentError, weighAnswer } from './weigh-answer.ts'

// Windows that are classified in one call of the model; between two calls others get their turn.
const WINDOWS_AT_ONCE = 32

export type TimelineDeps = {
  readonly stopwatch: Stopwatch
  /** Lets waiting work of the thread run. */
  readonly pause: () => Promise<unknown>
  readonly isCancelled: () => boolean
}

/** Answers a recording window by window. It is decoded as a stream: beside its bytes, memory holds the answers and a few windows. */
export async function answerTimeline(
  { recording, looking }: Question,
  classifier: Classifier,
  deps: TimelineDeps,
): Promise<Outcome> {
  try {
    const { frames, sampleRate } = probeAudio(recording)
    const seconds = frames / sampleRate
    checkWindows(seconds, looking)
    const windows = await classifyWindows(recording, looking, classifier, deps)
    const probabilities = meanProbabilities(windows)
    if (probabilities === undefined) throw silentError(looking.silence)
    const { window, hop, silence } = looking
    const timeline = { window, hop, silence, windows, shares: shareOut(windows) }
    const weighed = weighAnswer(probabilities, looking.minConfidence)
    // Not of its own windows: who is angry all the time would be taken for neutral, and several may speak.
    const speakerStatistics = classifier.normalisedBy(windows.length)
    return {
      state: 'answered',
      answer: { ...weighed, probabilities, seconds, sampleRate, speakerStatistics, timeline },
    }
  } catch (error) {
    return refusalOf(error)
  }
}

function checkWindows(seconds: number, { window, hop, maxSeconds }: Looking): void {
  const windows = 1 + Math.ceil(Math.max(0, seconds - window) / hop)
  // What lasts too long is refused by the decoder, in its own words.
  if (windows <= PREDICTION_LIMITS.windows || seconds > maxSeconds) return
  throw new SerError(
    'TOO_MANY_WINDOWS',
    `a hop of ${hop} s makes ${windows} windows of this recording, more than ${PREDICTION_LIMITS.windows}: take a longer hop`,
    { kind: 'bad-input' },
  )
}

async function classifyWindows(
  recording: Uint8Array,
  looking: Looking,
  classifier: Classifier,
  { stopwatch, pause, isCancelled }: TimelineDeps,
): Promise<PredictionWindow[]> {
  const { sampleRate } = classifier
  const blocks = streamWaveformAsync(recording, { sampleRate, maxSeconds: looking.maxSeconds })
  const cut = {
    windowSamples: Math.round(looking.window * sampleRate),
    hopSamples: Math.round(looking.hop * sampleRate),
  }
  const windows: PredictionWindow[] = []
  let waiting: CutWindow[] = []
  const classifyWaiting = async (): Promise<void> => {
    windows.push(...answerWindows(waiting, looking, classifier, stopwatch))
    waiting = []
    await pause()
    if (isCancelled()) throw new SerError('CANCELLED', 'nobody waits for the answer any more', { kind: 'gone' })
  }
  for await (const window of cutWindows(timed(blocks, stopwatch), cut)) {
    waiting.push(window)
    if (waiting.length >= WINDOWS_AT_ONCE) await classifyWaiting()
  }
  if (waiting.length > 0) await classifyWaiting()
  return windows
}

async function* timed(blocks: AsyncIterator<Float32Array>, stopwatch: Stopwatch): AsyncGenerator<Float32Array> {
  for (;;) {
    const { done, value } = await stopwatch.timeAsync('decode', () => blocks.next())
    if (done === true) return
    yield value
  }
}

function answerWindows(
  windows: readonly CutWindow[],
  { silence, minConfidence }: Looking,
  classifier: Classifier,
  stopwatch: Stopwatch,
): PredictionWindow[] {
  const levels = windows.map(({ samples }) => levelOf(samples))
  const sounding = windows.filter((_, index) => levels[index] >= silence)
  const features = stopwatch.time('features', () => sounding.map(({ samples }) => classifier.featuresOf(samples)))
  const answers = features.length === 0 ? [] : stopwatch.time('model', () => classifier.classify(features))
  return windows.map((window, index) => {
    const { start, samples } = window
    const level = Number.isFinite(levels[index]) ? Math.round(levels[index] * 10) / 10 : null
    const times = { start: start / classifier.sampleRate, end: (start + samples.length) / classifier.sampleRate, level }
    const at = sounding.indexOf(window)
    if (at === -1)
      return { ...times, silent: true, emotion: null, confidence: null, uncertain: false, probabilities: null }
    return { ...times, silent: false, ...weighAnswer(answers[at], minConfidence), probabilities: answers[at] }
  })
}

function meanProbabilities(windows: readonly PredictionWindow[]): Probabilities | undefined {
  const sounding = windows.flatMap(({ probabilities }) => (probabilities === null ? [] : [probabilities]))
  if (sounding.length === 0) return undefined
  return mapEmotions((name) => sounding.reduce((sum, each) => sum + each[name], 0) / sounding.length)
}

function shareOut(windows: readonly PredictionWindow[]): Timeline['shares'] {
  const share = (holds: (window: PredictionWindow) => boolean) => windows.filter(holds).length / windows.length
  return {
    emotions: mapEmotions((name) => share(({ emotion, uncertain }) => emotion === name && !uncertain)),
    uncertain: share(({ uncertain }) => uncertain),
    silent: share(({ silent }) => silent),
  }
}
