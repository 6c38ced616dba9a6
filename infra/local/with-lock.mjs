import { codeOf } from './setup-error.mjs'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { isRunning, startTime } from './supervise-process.mjs'

/**
 * Does the work while no other process of this clone does: two terminals may say `npm run up` at once.
 * @template T
 * @param {string} path The lock file.
 * @param {() => Promise<T>} work
 * @param {(line: string) => void} say
 * @returns {Promise<T>}
 */
export async function withLock(path, work, say) {
  mkdirSync(dirname(path), { recursive: true })
  for (let waited = false; !tryLock(path); waited = true) {
    if (!waited) say('waiting for another command of this clone')
    await delay(100)
  }
  try {
    return await work()
  } finally {
    rmSync(path, { force: true })
  }
}

/** @param {string} path */
function tryLock(path) {
  const self = { pid: process.pid, started: startTime(process.pid) ?? '' }
  try {
    writeFileSync(path, JSON.stringify(self), { flag: 'wx' })
    return true
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
  if (!holderLives(path)) rmSync(path, { force: true })
  return false
}

/** @param {string} path */
function holderLives(path) {
  try {
    return isRunning(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    // Gone, or not yet written to its end: the next try will tell.
    return true
  }
}
