import { join } from 'node:path'
import { withLock } from '../local/with-lock.mjs'
import { checkNode } from './check-node.mjs'
import { ensureTfjsNode } from './ensure-tfjs-node.mjs'
import { installPackages } from './install-packages.mjs'
import { runLogged } from './run-logged.mjs'

/**
 * Makes a fresh clone runnable; seconds when there is nothing to do.
 * @param {object} options
 * @param {import('../local/workspace-paths.mjs').WorkspacePaths} options.paths
 * @param {(line: string) => void} options.say
 * @param {boolean} [options.again] Tries also what failed before without being needed.
 */
export async function prepareClone({ paths, say, again = false }) {
  checkNode()
  const work = async () => {
    await installPackages(paths, say)
    await ensureTfjsNode({ paths, say, again })
    await bundleApps(paths)
  }
  await withLock(join(paths.state, 'prepare.lock'), work, say)
}

/** nx does only what changed. @param {import('../local/workspace-paths.mjs').WorkspacePaths} paths */
async function bundleApps(paths) {
  const nx = join(paths.root, 'node_modules/nx/dist/bin/nx.js')
  await runLogged(process.execPath, [nx, 'run-many', '-t', 'build'], {
    log: join(paths.logs, 'build.log'),
    cwd: paths.root,
    what: 'bundling the apps',
  })
}
