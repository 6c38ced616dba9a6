import { SerError, type Epoch, type Evaluation } from '@ser/contracts'
import { describeEnd, startProcess, type StartedProcess } from '@ser/processes'
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

/**
 * Trains in a process of its own and resolves when the process has ended and every callback is through. A
 * callback that rejects ends it.
 *
 * @throws SerError what the process said, or TRAINING_PROCESS_DIED (`transient`, its id `memoryBytes` the most that it had); the signal's reason
 */
export async function runTraining(options: TrainingOptions): Promise<Trained> {
  const { order, signal } = options
  signal.throwIfAborted()
  const started = startProcess(new URL('./train-process.ts', import.meta.url))
  const { child } = started
  const kill = () => child.kill('SIGKILL')
  signal.addEventListener('abort', kill, { once: true })
  try {
    const ended = listen(started, options)
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

function listen(
  { child, output }: StartedProcess,
  { onStart, onEpoch, onCheckpoint }: TrainingOptions,
): Promise<Trained> {
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
  const having = memoryBytes === 0 ? '' : `, with ${Math.round(memoryBytes / 2 ** 20)} MiB of memory,`
  return new SerError('TRAINING_PROCESS_DIED', `the training process${having} ${describeEnd(how, output)}`, {
    kind: 'transient',
    ids: { memoryBytes },
  })
}
