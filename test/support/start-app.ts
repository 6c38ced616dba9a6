import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { repositoryRoot } from './services.ts'

export type AppName = 'ingest' | 'feature-worker' | 'trainer' | 'admin-api' | 'augmentation-worker'

export type StartedApp = {
  readonly pid: number
  /** Resolves with the first line (past or to come) that matches; rejects when the app ends before. */
  readonly sees: (pattern: RegExp) => Promise<string>
  /** Everything that the app printed so far. */
  readonly output: () => string
  /** SIGKILL: nothing is tidied up. */
  readonly kill: () => Promise<void>
  /** SIGTERM, and wait for the end; gives the exit code. */
  readonly stop: () => Promise<number | null>
}

/**
 * Starts a real app as a child process, from the bundle that `npm run build` made (the tests make it themselves: build-apps.ts) or from
 * source. Only `env` and what a program needs of the environment reach it.
 */
export function startApp(app: AppName, env: Record<string, string>, from: 'bundle' | 'source' = 'bundle'): StartedApp {
  const child = spawn(process.execPath, appArguments(app, from), {
    cwd: repositoryRoot,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_ENV: 'test', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  const watchers = new Set<(line: string) => void>()
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      for (const watch of watchers) watch(line)
    })
  }
  const ended = once(child, 'exit')
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal)
      await ended
    }
    return child.exitCode
  }
  return {
    pid: child.pid ?? -1,
    output: () => lines.join('\n'),
    sees: (pattern) => waitForLine(app, child, lines, watchers, pattern),
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  }
}

function appArguments(app: AppName, from: 'bundle' | 'source'): string[] {
  if (from === 'source') return ['--import', 'tsx', '-C', 'ser-source', `apps/${app}/src/main.ts`]
  const bundle = join(repositoryRoot, `apps/${app}/dist/main.js`)
  if (!existsSync(bundle)) throw new Error(`${bundle} is not there: run \`npm run build\` first`)
  return ['--enable-source-maps', bundle]
}

function waitForLine(
  app: AppName,
  child: ChildProcess,
  lines: readonly string[],
  watchers: Set<(line: string) => void>,
  pattern: RegExp,
): Promise<string> {
  const past = lines.find((line) => pattern.test(line))
  if (past !== undefined) return Promise.resolve(past)
  return new Promise((resolve, reject) => {
    const done = () => {
      watchers.delete(watch)
      child.off('exit', failed)
    }
    const watch = (line: string) => {
      if (!pattern.test(line)) return
      done()
      resolve(line)
    }
    const failed = () => {
      done()
      reject(new Error(`${app} ended before it printed ${pattern}:\n${lines.slice(-30).join('\n')}`))
    }
    watchers.add(watch)
    child.once('exit', failed)
  })
}
