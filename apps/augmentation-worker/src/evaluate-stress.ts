import { failureKind, SerError, type EvaluateJob } from '@ser/contracts'
import {
  completeStressEvaluation,
  failStressEvaluation,
  listStressParts,
  listTestRecordings,
  setStressRecordings,
  startStressEvaluation,
  storeStressPart,
  type Database,
  type StressWork,
  type TestRecording,
} from '@ser/database'
import { audioKey, type ObjectStorage } from '@ser/object-storage'
import { fileNeedsSpeakers } from '@ser/model'
import { mapLimited, type JobContext } from '@ser/queue'
import { divideRecordings, type Part } from './divide-recordings.ts'
import { openStressProcess, type StressProcess } from './open-stress-process.ts'
import type { StoredRecording } from './stress-messages.ts'

export type StressDeps = {
  readonly db: Database
  readonly storage: Pick<ObjectStorage, 'get'>
  /** Processes at once, each with a core. */
  readonly processes: number
}

/** `heard` counts recordings that this attempt let the model hear under every condition; `skipped` those of an earlier one. */
export type StressReport = { readonly heard: number; readonly skipped: number }

/** Voices of the test side that babble is made of, where no others are given. */
const OWN_VOICES = 64

/**
 * Evaluates a model version under stress. What is done is stored part by part, so that a job that is cut off goes on where it was; the same
 * request gives the same figures, whoever does it and in however many pieces. A failure that trying again cannot mend, and any of the last
 * attempt, is the end of the evaluation, with its reason.
 */
export async function evaluateStress(
  { evaluationId }: EvaluateJob,
  deps: StressDeps,
  context: Pick<JobContext, 'signal' | 'lastAttempt'>,
): Promise<StressReport> {
  const work = await startStressEvaluation(deps.db, evaluationId)
  if (work === undefined) return { heard: 0, skipped: 0 }
  try {
    return await evaluate(work, deps, context.signal)
  } catch (error) {
    const kind = failureKind(error)
    const isEnd = kind !== 'gone' && (kind !== 'transient' || context.lastAttempt)
    // A process that has to end leaves the evaluation as it is to the next one.
    if (isEnd && !context.signal.aborted) await failStressEvaluation(deps.db, evaluationId, describe(error))
    throw error
  }
}

async function evaluate(work: StressWork, deps: StressDeps, signal: AbortSignal): Promise<StressReport> {
  const { db } = deps
  const listed = await listTestRecordings(db, work.runId, work.request)
  const model = await deps.storage.get(work.artefact.key, { maxBytes: work.artefact.bytes })
  if (listed.length < 2) {
    const message = 'the test side of the run has fewer than two original recordings: there is nothing to evaluate on'
    throw new SerError('STRESS_NO_RECORDINGS', message, { kind: 'bad-input', ids: { run: work.runId } })
  }
  const parts = divideRecordings(listed, fileNeedsSpeakers(model))
  const recordings = parts.flatMap((part) => part.recordings)
  await setStressRecordings(db, work.id, recordings.length)
  const done = new Set((await listStressParts(db, work.id)).map(({ part }) => part))
  const owed = parts.filter(({ part }) => !done.has(part))
  const order = await readOrder({ work, model }, recordings, deps)

  const over = new AbortController()
  const ended = AbortSignal.any([signal, over.signal])
  try {
    const queue = owed.values()
    const lanes = Math.max(1, Math.min(deps.processes, owed.length))
    const opening = Array.from({ length: lanes }, () => openStressProcess(order, ended))
    await Promise.all(opening.map(async (each) => hearParts(await each, queue, { work, deps, signal })))
    const predicted = await joinParts(db, work, recordings.length)
    const truth = Uint8Array.from(recordings, ({ label }) => label)
    await completeStressEvaluation(db, work.id, await (await opening[0]).figures({ truth, predicted }))
  } finally {
    over.abort()
  }
  const heard = owed.reduce((sum, part) => sum + part.recordings.length, 0)
  return { heard, skipped: recordings.length - heard }
}

type Order = Parameters<typeof openStressProcess>[0]

async function readOrder(
  { work, model }: { readonly work: StressWork; readonly model: Uint8Array },
  recordings: readonly TestRecording[],
  deps: StressDeps,
): Promise<Order> {
  const { conditions, members, request } = work
  const babbles = conditions.some((condition) => condition.kind === 'noise' && condition.noise === 'babble')
  const groups = { ...(babbles ? { voices: ownVoices(recordings) } : {}), ...members }
  const resources: Record<string, StoredRecording[]> = {}
  for (const [group, shas] of Object.entries(groups)) resources[group] = await fetchAll(deps, shas)
  return { model, conditions, seed: request.seed, resources }
}

/** Evenly over the hashes, which are in no relation to speakers and labels. */
function ownVoices(recordings: readonly TestRecording[]): string[] {
  const step = Math.max(1, recordings.length / OWN_VOICES)
  const count = Math.min(OWN_VOICES, recordings.length)
  return Array.from({ length: count }, (_, index) => recordings[Math.floor(index * step)].sha256)
}

function fetchAll({ storage, processes }: StressDeps, shas: readonly string[]): Promise<StoredRecording[]> {
  return mapLimited(shas, processes + 1, async (sha256) => ({ sha256, bytes: await storage.get(audioKey(sha256)) }))
}

type Hearing = { readonly work: StressWork; readonly deps: StressDeps; readonly signal: AbortSignal }

/** Takes one part after the other. The next one's recordings are fetched while a process computes. */
async function hearParts(
  listener: StressProcess,
  queue: IterableIterator<Part>,
  { work, deps, signal }: Hearing,
): Promise<void> {
  const take = (): { part: Part; bytes: Promise<StoredRecording[]> } | undefined => {
    const next = queue.next()
    if (next.done === true) return undefined
    const bytes = fetchPart(next.value, deps)
    // Whoever awaits it hears of a failure; until then nobody does.
    bytes.catch(() => undefined)
    return { part: next.value, bytes }
  }
  for (let current = take(); current !== undefined;) {
    signal.throwIfAborted()
    const recordings = await current.bytes
    const heard = listener.hear({ part: current.part.part, recordings })
    const next = take()
    const predicted = await heard
    await storeStressPart(deps.db, work.id, { part: current.part.part, recordings: recordings.length, predicted })
    current = next
  }
}

function fetchPart({ recordings }: Part, { storage }: StressDeps): Promise<StoredRecording[]> {
  return mapLimited(recordings, 4, async ({ sha256, objectKey, bytes }) => ({
    sha256,
    bytes: await storage.get(objectKey, { maxBytes: bytes }),
  }))
}

/** The predicted classes of all recordings, for each condition. */
async function joinParts(db: Database, { id, conditions }: StressWork, count: number): Promise<Uint8Array[]> {
  const joined = conditions.map(() => new Uint8Array(count))
  let at = 0
  for (const { recordings, predicted } of await listStressParts(db, id)) {
    for (const [index, classes] of joined.entries()) {
      classes.set(predicted.subarray(index * recordings, (index + 1) * recordings), at)
    }
    at += recordings
  }
  if (at !== count) {
    const message = `${at} of ${count} recordings are there: the test side has changed since the evaluation began; ask for it again`
    throw new SerError('STRESS_PARTS_MISMATCH', message, { kind: 'bad-input', ids: { evaluation: id } })
  }
  return joined
}

function describe(error: unknown): { code: string; message: string } {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'STRESS_FAILED'
  return { code, message: error instanceof Error ? error.message : String(error) }
}
