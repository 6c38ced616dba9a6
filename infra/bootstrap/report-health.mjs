import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { probeRedis } from '../local/probe-redis.mjs'
import { readServicesState } from '../local/services-state.mjs'
import { SetupError, lastWordsOf, reasonOf } from '../local/setup-error.mjs'
import { SERVICES } from '../local/start-services.mjs'
import { checkNode } from './check-node.mjs'
import { packagesMatch } from './install-packages.mjs'
import { probeTfjsNode } from './probe-tfjs-node.mjs'

/**
 * @typedef {object} Finding
 * @property {string} what
 * @property {'ok' | 'missing' | 'note'} state `missing`: needed, and not there. `note`: it goes without.
 * @property {string} text
 * @property {string} [todo]
 */

/**
 * What this clone runs on: Node, packages, TensorFlow, services, and what could fetch or start them.
 * @param {{ paths: import('../local/workspace-paths.mjs').WorkspacePaths, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<Finding[]>}
 */
export async function reportHealth({ paths, env }) {
  const asked = await Promise.all([
    tensorflowFinding(paths.root),
    ...SERVICES.map((service) => serviceFinding(service, paths, env)),
    dockerFinding(),
    pythonFinding(),
  ])
  return [nodeFinding(), packagesFinding(paths.root), ...asked]
}

/** @param {Finding[]} findings */
export function formatFindings(findings) {
  const marks = { ok: 'ok     ', missing: 'MISSING', note: 'note   ' }
  return findings
    .map(({ what, state, text, todo }) => {
      const line = `${marks[state]}  ${what.padEnd(10)}  ${text}`
      return todo === undefined ? line : `${line}\n${' '.repeat(21)}what to do: ${todo}`
    })
    .join('\n')
}

/** @returns {Finding} */
function nodeFinding() {
  try {
    checkNode()
    return { what: 'Node', state: 'ok', text: `${process.versions.node} on ${process.platform} ${process.arch}` }
  } catch (error) {
    return {
      what: 'Node',
      state: 'missing',
      text: reasonOf(error),
      ...(error instanceof SetupError && error.hint && { todo: error.hint }),
    }
  }
}

/** @param {string} root @returns {Finding} */
function packagesFinding(root) {
  return packagesMatch(root)
    ? { what: 'packages', state: 'ok', text: 'node_modules holds what package-lock.json says' }
    : {
        what: 'packages',
        state: 'missing',
        text: 'node_modules does not match package-lock.json',
        todo: 'npm run setup',
      }
}

/** @param {string} root @returns {Promise<Finding>} */
async function tensorflowFinding(root) {
  const result = await probeTfjsNode(root)
  if (result.works) return { what: 'TensorFlow', state: 'ok', text: `${result.label}, trains` }
  const text = `plain JavaScript (many times slower), because tfjs-node does not load: ${result.reason}`
  return { what: 'TensorFlow', state: 'note', text, todo: 'npm run setup says why it cannot be built' }
}

/**
 * @param {import('../local/service.d.ts').Service} service
 * @param {import('../local/workspace-paths.mjs').WorkspacePaths} paths
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Finding>}
 */
async function serviceFinding(service, paths, env) {
  const what = service.label
  const record = readServicesState(paths).services[service.name]
  const given = env[service.variable] !== undefined
  if (!given && (record === undefined || (record.process === undefined && record.way !== 'docker'))) {
    return { what, state: 'missing', text: 'not up', todo: `npm run up (or give ${service.variable})` }
  }
  const addresses = given ? service.fromEnvironment(env) : (record?.addresses ?? {})
  const program = given ? `given by ${service.variable}` : record?.program
  const { host } = new URL(addresses[service.variable] ?? '')
  try {
    await service.probe(addresses)
    const facts = service.name === 'redis' ? await redisFacts(addresses[service.variable] ?? '') : ''
    return { what, state: 'ok', text: `${program}, answers at ${host}${facts}` }
  } catch (error) {
    const todo = given ? `mend ${service.variable} or that server` : `npm run up; its log is ${record?.log}`
    return { what, state: 'missing', text: `${program}, does not answer at ${host}: ${reasonOf(error)}`, todo }
  }
}

/** @param {string} url */
async function redisFacts(url) {
  const { version, policy, appendOnly } = await probeRedis(url)
  const risk = policy === 'noeviction' ? '' : ' (jobs can be evicted: set maxmemory-policy noeviction)'
  return `: ${version}, append-only file ${appendOnly ? 'on' : 'OFF (a restart loses jobs)'}, ${policy}${risk}`
}

/** @returns {Promise<Finding>} */
async function dockerFinding() {
  const engine = await say('docker', ['info', '--format', '{{.ServerVersion}}'])
  const compose = await say('docker', ['compose', 'version', '--short'])
  const text = `${engine.ok ? `engine ${engine.text}` : 'no engine answers'}, ${compose.ok ? `compose ${compose.text}` : 'no compose plugin'}`
  return {
    what: 'Docker',
    state: engine.ok && compose.ok ? 'ok' : 'note',
    text: `${text} (one of the ways to have the services)`,
  }
}

/** @returns {Promise<Finding>} */
async function pythonFinding() {
  const pip = await say('python3', ['-m', 'pip', '--version'])
  const text = pip.ok
    ? (pip.text.split(' from ')[0] ?? '') + (/\(python .*\)/.exec(pip.text)?.[0] ?? '')
    : 'no python3 with pip'
  return {
    what: 'Python',
    state: pip.ok ? 'ok' : 'note',
    text: `${text} (fetches pinned servers and TensorFlow's library)`,
  }
}

/** @param {string} program @param {string[]} args */
async function say(program, args) {
  try {
    const { stdout } = await promisify(execFile)(program, args, { timeout: 10_000 })
    return { ok: true, text: stdout.trim() }
  } catch (error) {
    return { ok: false, text: lastWordsOf(error) }
  }
}
