import { fork, type ChildProcess, type ForkOptions } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { SerError, type StressResult } from '@ser/contracts'
import type { FiguresTask, PartTask, StressAnswer, StressOrder, StressTask } from './stress-messages.ts'

export type StressProcess = {
  readonly hear: (task: Omit<PartTask, 'kind'>) => Promise<Uint8Array>
  readonly figures: (
    task: Omit<FiguresTask, 'kind'>,
  ) => Promise<{ readonly labels: readonly string[]; readonly results: readonly StressResult[] }>
}

/** The last lines of what a process printed, for the message of its failure. */
const KEPT_OUTPUT = 2000

/**
 * Starts a process that lets a model hear recordings, one task after the other, and resolves when it has read the model. It is killed when
 * the signal says so, and what it was asked then rejects.
 *
 * @throws SerError what the process said, or STRESS_PROCESS_DIED (`transient`); so do its tasks
 */
export async function openStressProcess(order: Omit<StressOrder, 'kind'>, signal: AbortSignal): Promise<StressProcess> {
  signal.throwIfAborted()
  const child = startProcess()
  const ask = createAsker(child)
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
function createAsker(child: ChildProcess): (task: StressTask) => Promise<StressAnswer> {
  const output = keepOutput(child)
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
  const hint = how === 'SIGKILL' ? '; was there too little memory?' : ''
  const said = output === '' ? '' : `: ${output}`
  return new SerError('STRESS_PROCESS_DIED', `a process of the evaluation ended (${how})${hint}${said}`, {
    kind: 'transient',
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
  const built = fileURLToPath(new URL('stress-process.js', import.meta.url))
  const options = { serialization: 'advanced', stdio: ['ignore', 'pipe', 'pipe', 'ipc'] } satisfies ForkOptions
  if (existsSync(built)) return fork(built, [], { ...options, execArgv: [] })
  const source = fileURLToPath(new URL('stress-process.ts', import.meta.url))
  return fork(source, [], { ...options, execArgv: ['--import', import.meta.resolve('tsx'), '-C', 'ser-source'] })
}
