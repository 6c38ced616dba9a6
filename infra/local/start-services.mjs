import { join } from 'node:path'
import { lastWayFirst, waysFrom } from './choose-ways.mjs'
import { hasDockerCompose, startDockerServices } from './docker-services.mjs'
import { freePorts } from './free-ports.mjs'
import { keepService } from './keep-service.mjs'
import { launchService } from './launch-service.mjs'
import { postgres } from './postgres.mjs'
import { redis } from './redis.mjs'
import { s3 } from './s3.mjs'
import { readServicesState, writeServicesState } from './services-state.mjs'
import { reasonOf } from './setup-error.mjs'
import { withLock } from './with-lock.mjs'

/** @typedef {import('./service.d.ts').Service} Service */
/** @typedef {import('./services-state.mjs').ServicesState} ServicesState */

/**
 * @typedef {object} StartOptions
 * @property {import('./workspace-paths.mjs').WorkspacePaths} paths
 * @property {NodeJS.ProcessEnv} env
 * @property {(line: string) => void} say
 * @property {readonly import('./choose-ways.mjs').LocalWay[]} [ways] The default is `waysFrom(env)`.
 */

export const SERVICES = [redis, postgres, s3]

/**
 * Brings up what is not up: afterwards every service answers at the addresses in `paths.servicesFile`.
 * @param {StartOptions} options
 * @returns {Promise<{ addresses: Record<string, string>, state: ServicesState, started: string[] }>} `started` names
 *   those that were not up before.
 * @throws {import('./setup-error.mjs').SetupError} one can be had in no way, or the environment names one that does
 *   not answer.
 */
export async function startServices({ paths, env, say, ways = waysFrom(env) }) {
  const work = async () => {
    const state = readServicesState(paths)
    const kept = await Promise.all(SERVICES.map((service) => keepService(service, state.services[service.name], env)))
    const missing = SERVICES.filter((_, at) => kept[at] === undefined)
    SERVICES.forEach(({ name }, at) => kept[at] && (state.services[name] = kept[at]))
    try {
      await startMissing(missing, { paths, env, say, ways, state })
    } catch (error) {
      // What did start must be known to `down`.
      writeServicesState(paths, state, undefined)
      throw error
    }
    const addresses = await addressesOf(state, env)
    writeServicesState(paths, state, addresses)
    return { addresses, state, started: missing.map((service) => service.name) }
  }
  return withLock(join(paths.state, 'services.lock'), work, say)
}

/**
 * @param {Service[]} missing
 * @param {Required<StartOptions> & { state: ServicesState }} options `state` gets a record of each that is up.
 */
async function startMissing(missing, options) {
  const { paths, say, ways, state } = options
  const orders = new Map(missing.map((each) => [each, lastWayFirst(ways, state.services[each.name]?.way)]))
  const forDocker = missing.filter((service) => orders.get(service)?.[0] === 'docker')
  const inDocker = forDocker.length > 0 && (await hasDockerCompose()) ? await tryDocker(forDocker, options) : []
  const local = missing.filter((service) => !inDocker.includes(service))
  const results = await Promise.allSettled(
    local.map(async (service) => {
      const record = await launchService(service, { ...options, ways: orders.get(service) ?? ways })
      state.services[service.name] = record
      say(`${service.label}: ${record.program}, data in ${record.data}`)
    }),
  )
  const failed = results.find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  for (const service of inDocker) say(`${service.label}: ${state.services[service.name]?.program}`)
  if (missing.length > 0) say(`addresses and keys are in ${paths.servicesFile}`)
}

/**
 * An engine that answers may still be unable to fetch the images; the other ways are left then.
 * @param {Service[]} services
 * @param {Required<StartOptions> & { state: ServicesState }} options
 * @returns {Promise<Service[]>} those that are up
 */
async function tryDocker(services, { paths, say, ways, state }) {
  try {
    Object.assign(state.services, await startDockerServices(services, { paths, secrets: state.secrets, say }))
    return services
  } catch (error) {
    if (ways.length === 1) throw error
    say(`${reasonOf(error)}; trying without Docker`)
    return []
  }
}

/**
 * What the apps read.
 * @param {ServicesState} state
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Record<string, string>>}
 */
async function addressesOf(state, env) {
  // Chosen once: the API itself may be listening on it by now.
  state.apiPort ??= (await freePorts(1))[0]
  return {
    ...Object.assign({}, ...SERVICES.map((service) => state.services[service.name]?.addresses)),
    SER_API_URL: env['SER_API_URL'] ?? `http://127.0.0.1:${state.apiPort}`,
    SER_API_TOKEN: env['SER_API_TOKEN'] ?? state.secrets.apiToken,
  }
}
