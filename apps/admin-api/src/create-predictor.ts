import { SHARE_ENV } from 'node:worker_threads'
import { SerError, type ModelVersion, type Prediction } from '@ser/contracts'
import type { ObjectStorage } from '@ser/object-storage'
import { Piscina } from 'piscina'
import { createCache } from './create-cache.ts'
import type { PredictAnswer, PredictTask } from './predict-thread.ts'

export type Predictor = {
  /** Bad audio rejects with the AudioError's code, kind and message; a full queue with PREDICTIONS_BUSY, `transient`. */
  readonly predict: (recording: Uint8Array, version: ModelVersion) => Promise<Prediction>
  readonly close: () => Promise<void>
}

export type PredictorOptions = {
  readonly storage: Pick<ObjectStorage, 'get'>
  readonly recordingSeconds: number
  /** Recordings that wait or are worked on, at most (default 64). */
  readonly queue?: number
}

/**
 * Predictions in a thread of their own: decoding, features and the model never stand in the way of the event loop.
 * One thread, because TensorFlow spreads over the cores by itself. It is started by the first prediction.
 */
export function createPredictor({ storage, recordingSeconds, queue = 64 }: PredictorOptions): Predictor {
  const pool = new Piscina<PredictTask, PredictAnswer>({
    ...threadFile(),
    // TensorFlow's library reads its settings from the environment itself, not from a thread's copy.
    env: SHARE_ENV,
    minThreads: 0,
    maxThreads: 1,
    maxQueue: queue,
    idleTimeout: 10 * 60_000,
  })
  // Each prediction that fails rejects by itself; without a listener, a thread that cannot start would end the process.
  pool.on('error', () => undefined)
  const files = createCache<string, Uint8Array>({ most: 4 })
  const fetchModel = async ({ artefact }: ModelVersion): Promise<Uint8Array> => {
    const model = files.get(artefact.sha256) ?? (await storage.get(artefact.key))
    files.set(artefact.sha256, model)
    return model
  }
  const run = async (task: PredictTask): Promise<PredictAnswer> => {
    try {
      return await pool.run(task, { name: 'predict' })
    } catch (error) {
      throw busyOr(error)
    }
  }
  return {
    async predict(recording, version) {
      const task = { recording, maxSeconds: recordingSeconds, sha256: version.artefact.sha256 }
      const first = await run(task)
      const answer = first.state === 'model-needed' ? await run({ ...task, model: await fetchModel(version) }) : first
      if (answer.state === 'done') return { model: version.model, version: version.version, ...answer.outcome }
      if (answer.state === 'refused') throw new SerError(answer.code, answer.message, { kind: answer.kind })
      throw new Error('the prediction thread did not take the model that it was given')
    },
    close: () => pool.destroy(),
  }
}

/** From source this file is TypeScript, and so is the thread's; Node 20 gives threads no loader but their own. */
function threadFile(): { filename: string; execArgv?: string[] } {
  if (!import.meta.url.endsWith('.ts')) return { filename: new URL('./predict-thread.js', import.meta.url).href }
  const code = `import { register } from ${JSON.stringify(import.meta.resolve('tsx/esm/api'))}; register()`
  const loader = `data:text/javascript,${encodeURIComponent(code)}`
  return {
    filename: new URL('./predict-thread.ts', import.meta.url).href,
    execArgv: ['--import', loader, '-C', 'ser-source'],
  }
}

function busyOr(error: unknown): unknown {
  if (!(error instanceof Error) || !/task queue is at limit/i.test(error.message)) return error
  const message = 'too many predictions wait already; try again in a moment'
  return new SerError('PREDICTIONS_BUSY', message, { kind: 'transient', cause: error })
}
