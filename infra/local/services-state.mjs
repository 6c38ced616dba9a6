import { codeOf } from './setup-error.mjs'
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writePrivateFile } from './write-private-file.mjs'

/** @typedef {'environment' | 'docker' | 'path' | 'pinned'} Way How a service is come by. */

/**
 * What is known of a service between two commands.
 * @typedef {object} ServiceRecord
 * @property {Way} way
 * @property {Record<string, string>} addresses By environment variable.
 * @property {string} program For people: the program and its version.
 * @property {{ pid: number, started: string } | undefined} [process] Ours, if it was started here.
 * @property {number[]} [ports] Kept, so that addresses stay the same.
 * @property {string} [data] Folder of the data.
 * @property {string} [log]
 */

/**
 * @typedef {object} ServicesState
 * @property {Secrets} secrets
 * @property {Record<string, ServiceRecord>} services
 * @property {number} [apiPort] Of the admin API.
 */

/**
 * Made once, then kept: data that were written with them stay readable.
 * @typedef {object} Secrets
 * @property {string} postgresPassword
 * @property {string} redisPassword
 * @property {string} s3AccessKey
 * @property {string} s3SecretKey
 * @property {string} apiToken
 */

/** @param {import('./workspace-paths.mjs').WorkspacePaths} paths */
const stateFile = (paths) => join(paths.state, 'services-state.json')

/**
 * @param {import('./workspace-paths.mjs').WorkspacePaths} paths
 * @returns {ServicesState}
 */
export function readServicesState(paths) {
  try {
    return JSON.parse(readFileSync(stateFile(paths), 'utf8'))
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
    return { secrets: newSecrets(), services: {} }
  }
}

/**
 * Writes what the next command must know, and the addresses for the apps.
 * @param {import('./workspace-paths.mjs').WorkspacePaths} paths
 * @param {ServicesState} state
 * @param {Record<string, string> | undefined} addresses `undefined`: no service is up, so there is no address to read.
 */
export function writeServicesState(paths, state, addresses) {
  writePrivateFile(stateFile(paths), `${JSON.stringify(state, null, 2)}\n`)
  if (addresses === undefined) rmSync(paths.servicesFile, { force: true })
  else writePrivateFile(paths.servicesFile, `${JSON.stringify(addresses, null, 2)}\n`)
}

/**
 * Names the data that a clone keeps outside of itself. With the password in it: a new clone where an older one lay has
 * new secrets, and could not open the older one's data.
 * @param {import('./workspace-paths.mjs').WorkspacePaths} paths
 * @param {Secrets} secrets
 */
export function instanceName(paths, secrets) {
  return createHash('sha256').update(paths.state).update(secrets.postgresPassword).digest('hex').slice(0, 12)
}

/** @param {number} bytes */
const secret = (bytes) => randomBytes(bytes).toString('hex')

/** @returns {Secrets} */
function newSecrets() {
  return {
    postgresPassword: secret(16),
    redisPassword: secret(16),
    s3AccessKey: `ser${secret(8)}`,
    s3SecretKey: secret(20),
    apiToken: secret(24),
  }
}
