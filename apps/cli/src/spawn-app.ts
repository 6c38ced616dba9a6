import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { CliError, EXIT } from './cli-error.ts'

export type AppSpec = {
  readonly name: string
  /** The bundle to run. */
  readonly entry: string
  readonly env: NodeJS.ProcessEnv
  readonly logFile: string
}

export type RunningApp = {
  readonly name: string
  /** Rejects when the app ends before `stop` was called; never resolves. */
  readonly failure: Promise<never>
  /** SIGTERM, and SIGKILL to what is still there 20 s later. */
  readonly stop: () => Promise<void>
}

const STOP_MS = 20_000

/**
 * Starts a bundled app as a child process whose output goes to a log file. It gets a process group of its own, so that a Ctrl-C in
 * the terminal reaches this command only, which then stops its children in order.
 */
export async function spawnApp({ name, entry, env, logFile }: AppSpec): Promise<RunningApp> {
  await mkdir(dirname(logFile), { recursive: true })
  const log = await open(logFile, 'w')
  const child = spawn(process.execPath, ['--enable-source-maps', entry], {
    env,
    stdio: ['ignore', log.fd, log.fd],
    detached: true,
  })
  const ended = once(child, 'exit').then(
    ([code, signal]) => String(signal ?? code),
    (error: unknown) => String(error),
  )
  await log.close()
  const killNow = (): void => void child.kill('SIGKILL')
  process.on('exit', killNow)
  let stopping = false
  const failure = ended.then(async (how): Promise<never> => {
    process.off('exit', killNow)
    if (stopping) return new Promise(() => undefined)
    throw new CliError(
      EXIT.failed,
      'APP_ENDED',
      `${name} ended too soon (${how}); its log is ${logFile}${await lastLines(logFile)}`,
    )
  })
  // Somebody may only look at it later, and a rejection that nobody awaits ends the process.
  failure.catch(() => undefined)
  return {
    name,
    failure,
    async stop() {
      stopping = true
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
      await ended
      clearTimeout(timer)
    },
  }
}

async function lastLines(logFile: string): Promise<string> {
  const text = await readFile(logFile, 'utf8').catch(() => '')
  const lines = text.trimEnd().split('\n').slice(-8)
  return text === '' ? '' : ` and ends with:\n${lines.map((line) => `  ${line.slice(0, 400)}`).join('\n')}`
}
