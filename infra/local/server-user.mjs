import { chmodSync, chownSync, cpSync, existsSync, lstatSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { SetupError } from './setup-error.mjs'

/** @typedef {{ name: string, uid: number, gid: number }} User */

/**
 * The user under whom a server that refuses root is started; undefined when we are not root.
 * @param {{ uid?: number | undefined, passwd?: string }} [options]
 * @returns {User | undefined}
 */
export function serverUser({ uid = process.getuid?.(), passwd = readPasswd() } = {}) {
  if (uid !== 0) return undefined
  for (const wanted of ['postgres', 'nobody']) {
    const fields = passwd
      .split('\n')
      .find((line) => line.startsWith(`${wanted}:`))
      ?.split(':')
    if (fields !== undefined) return { name: wanted, uid: Number(fields[2]), gid: Number(fields[3]) }
  }
  return { name: '65534', uid: 65_534, gid: 65_534 }
}

function readPasswd() {
  return existsSync('/etc/passwd') ? readFileSync('/etc/passwd', 'utf8') : ''
}

/**
 * Whether that user can enter every folder above the path.
 * @param {string} path
 * @param {User} user
 */
export function canReach(path, user) {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(folder)) {
      const { mode, uid, gid } = statSync(folder)
      const needed = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
      if ((mode & needed) === 0) return false
    }
    if (folder === dirname(folder)) return true
  }
}

/**
 * A folder that belongs to that user and that it can reach: the wished one, or one below `/var/tmp` where the wished
 * one lies in a private folder (a repository in root's home, say).
 * @param {string} wished
 * @param {{ user: User | undefined, instance: string, shelter?: string }} options `instance` tells clones apart.
 */
export function ownedFolder(wished, { user, instance, shelter = '/var/tmp' }) {
  if (user === undefined) {
    mkdirSync(wished, { recursive: true, mode: 0o700 })
    return wished
  }
  const folder = canReach(wished, user) ? wished : join(shelterFolder(shelter), instance, basename(wished))
  mkdirSync(folder, { recursive: true })
  chmodSync(folder, 0o700)
  chownSync(folder, user.uid, user.gid)
  return folder
}

/**
 * A program's folder where that user can read it: the one given, or a copy below `/var/tmp`.
 * @param {string} folder
 * @param {{ user: User | undefined, shelter?: string }} options
 */
export function readableFolder(folder, { user, shelter = '/var/tmp' }) {
  if (user === undefined || canReach(join(folder, 'x'), user)) return folder
  const copy = join(shelterFolder(shelter), 'programs', basename(folder))
  // Complete once the mark is there; a copy that was cut off is made again.
  if (!existsSync(`${copy}.complete`)) {
    cpSync(folder, copy, { recursive: true, force: true })
    mkdirSync(`${copy}.complete`)
  }
  return copy
}

/** Root's own folder in a place that all may write to; what a stranger put there first is not trusted. @param {string} shelter */
function shelterFolder(shelter) {
  const folder = join(shelter, `ser-${process.getuid?.() ?? 0}`)
  mkdirSync(folder, { recursive: true })
  const { uid } = lstatSync(folder)
  if (!lstatSync(folder).isDirectory() || uid !== process.getuid?.()) {
    throw new SetupError(`${folder} belongs to somebody else`, { hint: `remove ${folder}, or do not run as root` })
  }
  chmodSync(folder, 0o711)
  return folder
}
