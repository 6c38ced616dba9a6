import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { SetupError, reasonOf } from './setup-error.mjs'
import { isRunning } from './supervise-process.mjs'

/**
 * Asks a server that was just started until it answers.
 * @template T
 * @param {() => Promise<T>} probe
 * @param {{ label: string, process: import('./supervise-process.mjs').ProcessIdentity, log: string, patienceMs?: number }} server
 * @returns {Promise<T>}
 * @throws {SetupError} it ended, or did not answer in time; with the end of its log.
 */
export async function waitUntilReady(probe, { label, process, log, patienceMs = 60_000 }) {
  const deadline = Date.now() + patienceMs
  for (let pause = 20; ; pause = Math.min(pause * 1.5, 250)) {
    try {
      return await probe()
    } catch (cause) {
      if (!isRunning(process)) throw new SetupError(`${label} ended at its start${lastWords(log)}`, { log, cause })
      if (Date.now() > deadline) {
        throw new SetupError(`${label} does not answer after ${patienceMs / 1000} s: ${reasonOf(cause)}`, {
          log,
          cause,
        })
      }
      await delay(pause)
    }
  }
}

/** The last lines of a log, to be read in an error. @param {string} log */
export function lastWords(log) {
  if (!existsSync(log)) return ''
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-3)
  return `: ${lines.map((line) => line.trim()).join(' | ')}`
}
