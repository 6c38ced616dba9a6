import { accessSync, constants, readdirSync, realpathSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * The first program of that name on the PATH, then in the extra folders; undefined if there is none.
 * @param {string} name
 * @param {{ env?: NodeJS.ProcessEnv, folders?: string[] }} [options]
 */
export function findProgram(name, { env = process.env, folders = [] } = {}) {
  for (const folder of [...(env['PATH'] ?? '').split(delimiter), ...folders]) {
    const path = join(folder, name)
    if (folder !== '' && isExecutable(path)) return realpathSync(path)
  }
  return undefined
}

/** Debian keeps the servers of Postgres off the PATH, in a folder for each major version; the newest is first. */
export function debianPostgresFolders(base = '/usr/lib/postgresql') {
  try {
    const versions = readdirSync(base).map(Number).filter(Number.isInteger)
    return versions.sort((a, b) => b - a).map((version) => join(base, String(version), 'bin'))
  } catch {
    return []
  }
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
