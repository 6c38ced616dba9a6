import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { SetupError } from '../local/setup-error.mjs'

/**
 * Runs a command with its whole output in a log file.
 * @param {string} command
 * @param {string[]} args
 * @param {{ log: string, cwd: string, env?: NodeJS.ProcessEnv, timeoutMs?: number, what: string, hint?: string }} options
 *   `what` names the step in an error.
 * @throws {SetupError} with the log and its last line
 */
export async function runLogged(command, args, { log, cwd, env = process.env, timeoutMs, what, hint }) {
  mkdirSync(dirname(log), { recursive: true })
  const output = openSync(log, 'w')
  const signal = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs)
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', output, output], ...(signal && { signal }) })
  closeSync(output)
  const end = await new Promise((resolve) => {
    child.once('error', (error) =>
      resolve(error.name === 'AbortError' ? `took longer than ${timeoutMs} ms` : error.message),
    )
    child.once('close', (code, by) => resolve(code === 0 ? '' : `exit ${code ?? by}`))
  })
  if (end !== '') throw new SetupError(`${what} failed (${end})${lastLine(log)}`, { log, hint })
}

/** @param {string} log */
function lastLine(log) {
  const line = readFileSync(log, 'utf8')
    .trimEnd()
    .split('\n')
    .findLast((text) => /error|fail|cannot/i.test(text))
  return line === undefined ? `, see ${basename(log)}` : `: ${line.trim().slice(0, 300)}`
}

/**
 * Does a step and says how long it took.
 * @template T
 * @param {(line: string) => void} say
 * @param {string} what
 * @param {() => Promise<T>} work
 */
export async function timed(say, what, work) {
  const start = performance.now()
  say(`${what} ...`)
  const result = await work()
  say(`${what}: ${((performance.now() - start) / 1000).toFixed(1)} s`)
  return result
}
