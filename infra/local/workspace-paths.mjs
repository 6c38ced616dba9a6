import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/**
 * Where the set-up keeps what it makes.
 * @typedef {object} WorkspacePaths
 * @property {string} root The repository.
 * @property {string} state Everything that belongs to this clone and is not committed.
 * @property {string} logs
 * @property {string} servicesFile Addresses and keys of the local services, by the names of the environment variables.
 * @property {string} cache What other clones of this user can use too.
 */

const repository = resolve(import.meta.dirname, '../..')

/**
 * @param {{ root?: string, state?: string, env?: NodeJS.ProcessEnv }} [options] `state` other than `.ser` gives an
 *   instance of its own, as the tests of the services use.
 * @returns {WorkspacePaths}
 */
export function workspacePaths({ root = repository, state = join(root, '.ser'), env = process.env } = {}) {
  return {
    root,
    state,
    logs: join(state, 'logs'),
    servicesFile: join(state, 'services.json'),
    cache: join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'ser'),
  }
}
