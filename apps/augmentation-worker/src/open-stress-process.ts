import { SerError, type StressResult } from '@ser/contracts'
import { describeEnd, startProcess, type StartedProcess } from '@ser/processes'
import type { FiguresTask, PartTask, StressAnswer, StressOrder, StressTask } from './stress-messages.ts'

export type StressProcess = {
  readonly hear: (task: Omit<PartTask, 'kind'>) => Promise<Uint8Array>
  readonly figures: (
    task: Omit<FiguresTask, 'kind'>,
  ) => Promise<{ readonly labels: readonly string[]; readonly results: readonly StressResult[] }>
}

/**
 * Starts a process that lets a model hear recordings, one task after the other, and resolves when it has read the model. It is killed when
 * the signal says so, and what it was asked then rejects.
 *
 * @throws SerError what the process said, or STRESS_PROCESS_DIED (`transient`); so do its tasks
 */
export async function openStressProcess(order: Omit<StressOrder, 'kind'>, signal: AbortSignal): Promise<StressProcess> {
  signal.throwIfAborted()
  const started = startProcess(new URL('./stress-process.ts', import.meta.url))
  const { child } = started
  const ask = createAsker(started)
  const kill = () => void child.kill('SIGKILL')
  signal.addEventListener('abort', kill, { once: true })
  child.once('exit', () => signal.removeEventListener('abort', kill))
  await ask({ kind: 'order', ...order })
  return {
    async hear(task) {
      const answer = await ask({ kind: 'part', ...task })
      if (answer.kind === 'part') return answer.predicted
      throw new TypeError('a process has answered another task')
    },
    async figures(task) {
      const answer = await ask({ kind: 'figures', ...task })
      if (answer.kind === 'figures') return answer
      throw new TypeError('a process has answered another task')
    },
  }
}

type Waiting = { readonly resolve: (answer: StressAnswer) => void; readonly reject: (error: Error) => void }

/** Sends a task and waits for its answer; one at a time. */
function createAsker({ child, output }: StartedProcess): (task: StressTask) => Promise<StressAnswer> {
  let waiting: Waiting | undefined
  let death: SerError | undefined
  const settle = (act: (current: Waiting) => void) => {
    const current = waiting
    waiting = undefined
    if (current !== undefined) act(current)
  }
  const die = (how: string) => {
    death ??= diedError(how, output())
    settle(({ reject }) => reject(death!))
  }
  child.on('message', (answer: StressAnswer) =>
    settle(({ resolve, reject }) => {
      if (answer.kind !== 'refused') return resolve(answer)
      return reject(new SerError(answer.code, answer.message, { kind: answer.failure }))
    }),
  )
  child.once('error', (error) => die(error.message))
  child.once('exit', (code, signal) => die(signal ?? `exit code ${code}`))
  return (task) =>
    new Promise((resolve, reject) => {
      if (death !== undefined) return reject(death)
      waiting = { resolve, reject }
      child.send(task, (error) => {
        if (error !== null) die(error.message)
      })
    })
}

function diedError(how: string, output: string): SerError {
  return new SerError('STRESS_PROCESS_DIED', `a process of the evaluation ${describeEnd(how, output)}`, {
    kind: 'transient',
  })
}
