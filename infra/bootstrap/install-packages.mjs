import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runLogged, timed } from './run-logged.mjs'

/**
 * `npm ci`, unless node_modules holds what the lock file says.
 * @param {import('../local/workspace-paths.mjs').WorkspacePaths} paths
 * @param {(line: string) => void} say
 */
export async function installPackages(paths, say) {
  if (packagesMatch(paths.root)) return
  const log = join(paths.logs, 'npm-ci.log')
  const hint = 'check that npm reaches its registry (`npm ping`), then try again'
  await timed(say, 'installing packages (npm ci)', () =>
    runLogged('npm', ['ci', '--prefer-offline', '--no-audit', '--no-fund'], {
      log,
      cwd: paths.root,
      what: 'npm ci',
      hint,
    }),
  )
}

/**
 * Whether every package of the lock file is installed in that version. npm writes node_modules/.package-lock.json when
 * an installation is complete; packages for other platforms are missing from it.
 * @param {string} root
 */
export function packagesMatch(root) {
  const installedFile = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(installedFile)) return false
  const wanted = readPackages(join(root, 'package-lock.json'))
  const installed = readPackages(installedFile)
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) return true
    if (entry.link) return existsSync(join(root, path, 'package.json'))
    if (entry.optional || entry.devOptional || entry.peer) return true
    return installed[path]?.version === entry.version && existsSync(join(root, path))
  })
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, link?: boolean, optional?: boolean, devOptional?: boolean, peer?: boolean }>}
 */
function readPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages
}
