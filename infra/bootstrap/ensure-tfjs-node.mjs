import { existsSync, readFileSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { SetupError, reasonOf } from '../local/setup-error.mjs'
import { writePrivateFile } from '../local/write-private-file.mjs'
import { buildTfjsNode } from './build-tfjs-node.mjs'
import { probeTfjsNode } from './probe-tfjs-node.mjs'
import { runLogged, timed } from './run-logged.mjs'

/**
 * Makes @tensorflow/tfjs-node load, if this machine can: npm is told not to run its install script, which fails the
 * whole installation where the download is not reachable. Without it the trainer uses plain JavaScript, many times
 * slower; that is said in one line and is no failure.
 * @param {object} options
 * @param {import('../local/workspace-paths.mjs').WorkspacePaths} options.paths
 * @param {(line: string) => void} options.say
 * @param {boolean} [options.again] Tries also when it was tried in vain before.
 * @returns {Promise<boolean>} whether it works
 */
export async function ensureTfjsNode({ paths, say, again = false }) {
  const packageFolder = join(paths.root, 'node_modules/@tensorflow/tfjs-node')
  const stamp = join(paths.state, 'stamps/tfjs-node.json')
  const known = readStamp(stamp)
  if (known?.key === stampKey(packageFolder) && (known.works || !again)) return known.works
  const reason = await makeItWork(packageFolder, paths, say)
  writePrivateFile(stamp, JSON.stringify({ key: stampKey(packageFolder), works: reason === undefined }))
  if (reason !== undefined) {
    say(`tfjs-node does not work here (${reason}): training will use plain JavaScript, many times slower`)
    say('what to do: mend that and say `npm run setup`, which tries again')
  }
  return reason === undefined
}

/**
 * @param {string} packageFolder
 * @param {import('../local/workspace-paths.mjs').WorkspacePaths} paths
 * @param {(line: string) => void} say
 * @returns {Promise<string | undefined>} why it does not work
 */
async function makeItWork(packageFolder, paths, say) {
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'))
  const ways = [
    // The addon may be there already, and only the stamp be missing.
    async () => {},
    () => timed(say, 'installing tfjs-node', () => installOfficially(packageFolder, paths)),
    () => timed(say, 'building tfjs-node', () => buildTfjsNode({ packageFolder, version, paths, say })),
  ]
  const reasons = []
  for (const way of ways) {
    try {
      await way()
      const result = await probeTfjsNode(paths.root)
      if (result.works) {
        say(`${result.label} works`)
        return undefined
      }
      reasons.push(result.reason)
    } catch (error) {
      say(reasonOf(error))
      reasons.push(reasonOf(error))
    }
  }
  // The first is only that it was not installed.
  return reasons.slice(1).join('; ')
}

/**
 * The package's own install script, where its server answers at once.
 * @param {string} packageFolder
 * @param {import('../local/workspace-paths.mjs').WorkspacePaths} paths
 */
async function installOfficially(packageFolder, paths) {
  const { env } = process
  const host = env['TFJS_NODE_BASE_URI'] ?? env['TFJS_NODE_CDN_STORAGE'] ?? 'https://storage.googleapis.com/'
  if (!(await answers(host))) throw new SetupError(`its download is not reachable (${new URL(host).host})`)
  const path = [join(paths.root, 'node_modules/.bin'), env['PATH']].join(delimiter)
  await runLogged(process.execPath, ['scripts/install.js'], {
    log: join(paths.logs, 'tfjs-node-install.log'),
    cwd: packageFolder,
    env: { ...env, PATH: path },
    what: "tfjs-node's own installation",
    timeoutMs: 300_000,
  })
}

/** @param {string} url */
async function answers(url) {
  // Behind a proxy, which the script knows how to use and fetch does not, only trying tells.
  if (process.env['HTTPS_PROXY'] ?? process.env['https_proxy']) return true
  try {
    await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(5000) })
    return true
  } catch {
    return false
  }
}

/**
 * @param {string} stamp
 * @returns {{ key: string, works: boolean } | undefined}
 */
function readStamp(stamp) {
  return existsSync(stamp) ? JSON.parse(readFileSync(stamp, 'utf8')) : undefined
}

/** What the answer depends on: the addon that lies there, and this Node. @param {string} packageFolder */
function stampKey(packageFolder) {
  const addon = join(packageFolder, 'lib/napi-v8/tfjs_binding.node')
  const { size, mtimeMs } = existsSync(addon) ? statSync(addon) : { size: 0, mtimeMs: 0 }
  return [process.version, process.arch, size, mtimeMs].join(' ')
}
