import { SerError, type ModelVersion } from '@ser/contracts'
import type { ObjectStorage } from '@ser/object-storage'
import { createCache } from './create-cache.ts'
import { openThread } from './open-thread.ts'
import type { Answer, Outcome, Question, Spent, ThreadTask } from './predict-messages.ts'
import { createLane } from './queue-predictions.ts'

export type Predictor = {
  /**
   * A promise for each recording, in order; or throws PREDICTIONS_BUSY (`transient`) when they would be too many. Bad audio rejects
   * with the AudioError's code, kind and message; PREDICTION_TIMEOUT (`transient`) and PREDICTION_CANCELLED (`gone`) say
   * that there is no answer.
   */
  readonly predict: (
    questions: readonly Question[],
    version: ModelVersion,
    signal: AbortSignal,
  ) => readonly Promise<Answer>[]
  /** Loads a model into the thread; rejects with the reason why it cannot be used. */
  readonly prepare: (version: ModelVersion) => Promise<void>
  /** Recordings that wait. */
  readonly waiting: () => { readonly short: number; readonly long: number }
  readonly close: () => Promise<void>
}

export type PredictorOptions = {
  readonly storage: Pick<ObjectStorage, 'get'>
  readonly maxSeconds: number
  /** Short recordings that may wait. */
  readonly queue: number
  readonly timeoutMs: number
  /** Hears where the time of the thread went, and how many recordings it took at once. */
  readonly onSpent: (spent: Spent, recordings: number) => void
}

type Item = { readonly question: Question; readonly version: ModelVersion }

/** What goes on for so long after everybody has given up waiting hangs. */
const HANGS_MS = 10_000
const LONG_QUEUE = 16
const AT_ONCE = 32
/** Longer files go their own way from the start: even to copy them takes a while. */
const SHORT_BYTES = 4 * 2 ** 20

/**
 * Answers recordings in a thread, in three lanes: short ones, of which all that wait for the same model are taken at once; long ones,
 * one by one, which pause whenever a short one comes; and requests whose recordings are of one speaker, which pause likewise.
 */
export function createPredictor({ storage, maxSeconds, queue, timeoutMs, onSpent }: PredictorOptions): Predictor {
  const thread = openThread(timeoutMs + HANGS_MS)
  const files = createCache<string, Uint8Array>({ most: 4 })
  const fetchModel = async ({ artefact }: ModelVersion): Promise<Uint8Array> => {
    const model = files.get(artefact.sha256) ?? (await storage.get(artefact.key))
    files.set(artefact.sha256, model)
    return model
  }
  const run = async (
    version: ModelVersion,
    work: Pick<ThreadTask, 'lane' | 'questions' | 'cancelled'>,
  ): Promise<readonly Outcome[]> => {
    const task = { ...work, maxSeconds, sha256: version.artefact.sha256 }
    const first = await thread.run(task)
    const last = first.state === 'done' ? first : await thread.run({ ...task, model: await fetchModel(version) })
    if (last.state !== 'done') throw new Error('the prediction thread did not take the model that it was given')
    if (work.questions.length > 0) onSpent(last.spent, work.questions.length)
    return last.outcomes
  }
  const short = createLane<Item, Outcome>({
    most: queue,
    atOnce: AT_ONCE,
    timeoutMs,
    joins: (first, next, taken) =>
      first.version.artefact.sha256 === next.version.artefact.sha256 && bytesOf([...taken, next]) <= SHORT_BYTES,
    // These take milliseconds: they are not stopped when nobody waits any more.
    run: (items) => run(items[0].version, { lane: 'short', questions: questionsOf(items) }),
  })
  const long = createLane<Item, Outcome>({
    most: LONG_QUEUE,
    atOnce: 1,
    joins: () => false,
    timeoutMs,
    run: (items, signal) => {
      const cancelled = new Int32Array(new SharedArrayBuffer(4))
      signal.addEventListener('abort', () => Atomics.store(cancelled, 0, 1), { once: true })
      return run(items[0].version, { lane: 'long', questions: questionsOf(items), cancelled })
    },
  })
  // A request is one item here: its recordings are normalised by one another.
  const together = createLane<readonly Item[], readonly Outcome[]>({
    most: LONG_QUEUE,
    atOnce: 1,
    joins: () => false,
    timeoutMs,
    run: async ([items]) => [await run(items[0].version, { lane: 'together', questions: questionsOf(items) })],
  })
  const answerTogether = (items: readonly Item[], signal: AbortSignal): Promise<Answer>[] => {
    const [outcomes] = together.enter([items], signal)
    return items.map(async (_, index) => answerOf((await outcomes)[index]))
  }
  const settle = async (item: Item, first: Promise<Outcome>, signal: AbortSignal): Promise<Answer> => {
    const outcome = await first
    if (outcome.state !== 'long') return answerOf(outcome)
    return answerOf(await long.enter([item], signal)[0])
  }
  return {
    predict(questions, version, signal) {
      const items = questions.map((question) => ({ question, version }))
      if (items[0]?.question.looking.ofOneSpeaker === true) return answerTogether(items, signal)
      const lanes = items.map(({ question }) => (isLong(question) ? long : short))
      // All or none: what is in line must not be left by what finds it full.
      const shortOnes = short.enter(
        items.filter((_, index) => lanes[index] === short),
        signal,
      )
      return items.map((item, index) => {
        const first = lanes[index] === short ? shortOnes.shift()! : enterLater(() => long.enter([item], signal)[0])
        return settle(item, first, signal)
      })
    },
    async prepare(version) {
      const [refused] = await run(version, { lane: 'short', questions: [] })
      if (refused !== undefined) answerOf(refused)
    },
    waiting: () => ({ short: short.waiting(), long: long.waiting() + together.waiting() }),
    close: () => thread.close(),
  }
}

function isLong({ recording, looking }: Question): boolean {
  return looking.asTimeline || recording.length > SHORT_BYTES
}

async function enterLater<T>(enter: () => Promise<T>): Promise<T> {
  return enter()
}

function questionsOf(items: readonly Item[]): Question[] {
  return items.map(({ question }) => question)
}

function bytesOf(items: readonly Item[]): number {
  return items.reduce((sum, { question }) => sum + question.recording.length, 0)
}

function answerOf(outcome: Outcome): Answer {
  if (outcome.state === 'answered') return outcome.answer
  if (outcome.state === 'refused') throw new SerError(outcome.code, outcome.message, { kind: outcome.kind })
  throw new Error('the prediction thread asked for a timeline where it was to make one')
}
