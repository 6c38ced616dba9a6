import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'

export type AppSpec = {
  readonly name: string
  /** The bundle to run. */
  readonly entry: string
  readonly env: NodeJS.ProcessEnv
  readonly logFile: string
}

export type SpawnedApp = {
  /** Resolves when it has ended, with how: a signal, or its exit code in words. */
  readonly ended: Promise<string>
  /** SIGTERM, and SIGKILL to what is still there 20 s later. */
  readonly stop: () => Promise<void>
}

const STOP_MS = 20_000

/**
 * Starts a bundled app as a child process whose output goes to the end of its log file. It gets a process group of its own, so that a
 * Ctrl-C in the terminal reaches this command only, which then stops its children in order.
 */
export async function spawnApp({ entry, env, logFile }: AppSpec): Promise<SpawnedApp> {
  await mkdir(dirname(logFile), { recursive: true })
  const log = await open(logFile, 'a')
  const child = spawn(process.execPath, ['--enable-source-maps', entry], {
    env,
    stdio: ['ignore', log.fd, log.fd],
    detached: true,
  })
  const killNow = (): void => void child.kill('SIGKILL')
  process.on('exit', killNow)
  const ended = once(child, 'exit')
    .then(
      ([code, signal]) => String(signal ?? `exit code ${code}`),
      (error: unknown) => String(error),
    )
    .finally(() => process.off('exit', killNow))
  await log.close()
  return {
    ended,
    async stop() {
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
      await ended
      clearTimeout(timer)
    },
  }
}

/** Where the log is and its last lines, for a person. */
export async function describeLog(logFile: string): Promise<string> {
  const text = await readFile(logFile, 'utf8').catch(() => '')
  const lines = text.trimEnd().split('\n').slice(-8)
  const end = text === '' ? 'is empty' : `ends with:\n${lines.map((line) => `  ${line.slice(0, 400)}`).join('\n')}`
  return `its log, ${logFile}, ${end}`
}
