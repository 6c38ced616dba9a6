import { SetupError, reasonOf } from './setup-error.mjs'
import { isRunning, stopProcess } from './supervise-process.mjs'

/** @typedef {import('./services-state.mjs').ServiceRecord} ServiceRecord */

/**
 * The record of a service that needs no start, because the environment gives it or because it runs; else undefined.
 * @param {import('./service.d.ts').Service} service
 * @param {ServiceRecord | undefined} record
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<ServiceRecord | undefined>}
 * @throws {SetupError} the environment names one that does not answer.
 */
export async function keepService(service, record, env) {
  if (env[service.variable]) return givenService(service, env)
  const mayRun = record?.process === undefined ? record?.way === 'docker' : isRunning(record.process)
  if (record === undefined || !mayRun) return undefined
  try {
    await service.probe(record.addresses)
    return record
  } catch {
    // It runs and does not answer: it is started anew.
    if (record.process !== undefined) await stopProcess(record.process, service.stop)
    return undefined
  }
}

/**
 * @param {import('./service.d.ts').Service} service
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<ServiceRecord>}
 */
async function givenService(service, env) {
  const addresses = service.fromEnvironment(env)
  try {
    await service.probe(addresses)
  } catch (cause) {
    throw new SetupError(`${service.label} does not answer at ${service.variable}: ${reasonOf(cause)}`, {
      hint: `mend the address or the server; without ${service.variable} one is started here`,
      cause,
    })
  }
  return { way: 'environment', addresses, program: `given by ${service.variable}` }
}
