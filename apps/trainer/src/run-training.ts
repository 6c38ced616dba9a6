import { fork, type ChildProcess, type ForkOptions } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { SerError, type Epoch, type Evaluation } from '@ser/contracts'
import type { TrainingStart, TrainMessage, TrainOrder } from './train-messages.ts'

export type TrainingOptions = {
  readonly order: TrainOrder
  readonly onStart: (start: TrainingStart) => Promise<void>
  readonly onEpoch: (figures: Epoch) => Promise<void>
  /** The file is the callback's to remove. */
  readonly onCheckpoint: (epoch: number, file: string) => Promise<void>
  /** Kills the process at once; the promise rejects with the signal's reason. */
  readonly signal: AbortSignal
}

export type Trained = {
  readonly evaluation: Evaluation
  /** The most that the process had resident. */
  readonly memoryBytes: number
}

/** The last lines of what a process printed, for the message of its failure. */
const KEPT_OUTPUT = 2000

/**
 * Trains in a process of its own and resolves when the process has ended and every callback is through. A
 * callback that rejects ends it.
 *
 * @throws SerError what the process said, or TRAINING_PROCESS_DIED (`transient`, its id `memoryBytes` the most that it had); the signal's reason
 */
export async function runTraining(options: TrainingOptions): Promise<Trained> {
  const { order, signal } = options
  signal.throwIfAborted()
  const child = startProcess()
  const kill = () => child.kill('SIGKILL')
  signal.addEventListener('abort', kill, { once: true })
  try {
    const ended = listen(child, options)
    child.send(order)
    return await ended
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    signal.removeEventListener('abort', kill)
    kill()
  }
}

function listen(child: ChildProcess, { onStart, onEpoch, onCheckpoint }: TrainingOptions): Promise<Trained> {
  const output = keepOutput(child)
  return new Promise((resolve, reject) => {
    let trained: Trained | undefined
    let memoryBytes = 0
    // One after the other, in the order in which they came.
    let handled = Promise.resolve()
    const handle = async (message: TrainMessage): Promise<void> => {
      if ('memoryBytes' in message) ({ memoryBytes } = message)
      if (message.kind === 'start') await onStart(message)
      else if (message.kind === 'epoch') await onEpoch(message.figures)
      else if (message.kind === 'checkpoint') await onCheckpoint(message.epoch, message.file)
      else if (message.kind === 'done') trained = message
      else throw new SerError(message.code, message.message, { kind: message.failure })
    }
    child.on('message', (message: TrainMessage) => {
      handled = handled.then(() => handle(message))
      handled.catch(reject)
    })
    child.once('error', reject)
    child.once('exit', (code, killedBy) => {
      handled.then(() => {
        if (trained !== undefined) return resolve(trained)
        return reject(diedError(killedBy ?? `exit code ${code}`, output(), memoryBytes))
      }, reject)
    })
  })
}

function diedError(how: string, output: string, memoryBytes: number): SerError {
  const had = memoryBytes === 0 ? '' : ` It had ${Math.round(memoryBytes / 2 ** 20)} MiB of memory.`
  const hint = how === 'SIGKILL' ? '; was there too little memory?' : '.'
  const said = output === '' ? '' : ` It said: ${output}`
  return new SerError('TRAINING_PROCESS_DIED', `the training process ended (${how})${hint}${had}${said}`, {
    kind: 'transient',
    ids: { memoryBytes },
  })
}

function keepOutput(child: ChildProcess): () => string {
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-KEPT_OUTPUT)
    })
  }
  return () => output.trim()
}

/** Beside the bundle; run from source, the TypeScript file through tsx. */
function startProcess(): ChildProcess {
  const built = fileURLToPath(new URL('train-process.js', import.meta.url))
  const options = { serialization: 'advanced', stdio: ['ignore', 'pipe', 'pipe', 'ipc'] } satisfies ForkOptions
  if (existsSync(built)) return fork(built, [], { ...options, execArgv: [] })
  const source = fileURLToPath(new URL('train-process.ts', import.meta.url))
  return fork(source, [], { ...options, execArgv: ['--import', import.meta.resolve('tsx'), '-C', 'ser-source'] })
}
