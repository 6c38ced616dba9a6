import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { findEntry } from './find-entry.ts'

export type StartedProcess = {
  /** Its messages may hold typed arrays. */
  readonly child: ChildProcess
  /** The last that it printed. */
  readonly output: () => string
}

/** Characters of what a process printed, for the message of its failure. */
const KEPT_OUTPUT = 2000

/** Starts a child process; its entry is named as for `findEntry`. */
export function startProcess(source: URL): StartedProcess {
  const { filename, execArgv = [] } = findEntry(source)
  const child = fork(fileURLToPath(filename), [], {
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv,
  })
  return { child, output: keepOutput(child) }
}

/** How a process ended (a signal, or its exit code in words) and what it said last, for a message that begins with its name. */
export function describeEnd(how: string, output: string): string {
  const hint = how === 'SIGKILL' ? '; was there too little memory?' : '.'
  const said = output === '' ? '' : ` It said: ${output}`
  return `ended (${how})${hint}${said}`
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
