import { codeOf } from './setup-error.mjs'
import { execFileSync, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** @typedef {{ pid: number, started: string }} ProcessIdentity A pid alone may be another program's by now. */

/**
 * Starts a program that outlives this one; both its outputs are added to the log.
 * @param {string} program
 * @param {string[]} args
 * @param {{ log: string, cwd?: string, env?: NodeJS.ProcessEnv, user?: { uid: number, gid: number } | undefined }} options
 * @returns {Promise<ProcessIdentity>}
 */
export async function startProcess(program, args, { log, cwd, env = process.env, user }) {
  mkdirSync(dirname(log), { recursive: true })
  const output = openSync(log, 'a', 0o600)
  try {
    const child = spawn(program, args, { detached: true, stdio: ['ignore', output, output], cwd, env, ...user })
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject))
    child.unref()
    const pid = child.pid ?? 0
    return { pid, started: startTime(pid) ?? 'gone' }
  } finally {
    closeSync(output)
  }
}

/** Whether that very process still runs. @param {ProcessIdentity} identity */
export function isRunning({ pid, started }) {
  return startTime(pid) === started
}

/**
 * Ends that very process, and never another one that got its pid since.
 * @param {ProcessIdentity} identity
 * @param {{ signal?: NodeJS.Signals, patienceMs?: number }} [options] After `patienceMs` it is killed.
 */
export async function stopProcess(identity, { signal = 'SIGTERM', patienceMs = 20_000 } = {}) {
  if (!isRunning(identity)) return
  send(identity.pid, signal)
  if (await hasEnded(identity, patienceMs)) return
  send(identity.pid, 'SIGKILL')
  await hasEnded(identity, 5000)
}

/** @param {ProcessIdentity} identity @param {number} patienceMs */
async function hasEnded(identity, patienceMs) {
  const deadline = Date.now() + patienceMs
  while (isRunning(identity)) {
    if (Date.now() > deadline) return false
    await delay(30)
  }
  return true
}

/** @param {number} pid @param {NodeJS.Signals} signal */
function send(pid, signal) {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error
  }
}

/**
 * What tells a process from a later one with the same pid; undefined when there is none, or only its zombie.
 * @param {number} pid
 * @returns {string | undefined}
 */
export function startTime(pid) {
  try {
    if (process.platform !== 'linux') {
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined
    }
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name, in parentheses, may hold blanks and parentheses itself; the state is the 3rd field, the start the 22nd.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${fields[19]}`
  } catch {
    return undefined
  }
}
