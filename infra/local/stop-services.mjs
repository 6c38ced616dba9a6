import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { stopDockerServices } from './docker-services.mjs'
import { SERVICES } from './start-services.mjs'
import { readServicesState, writeServicesState } from './services-state.mjs'
import { isRunning, stopProcess } from './supervise-process.mjs'
import { withLock } from './with-lock.mjs'

/**
 * Ends what `startServices` started, and nothing else. Data, ports and keys are kept for the next start.
 * @param {object} options
 * @param {import('./workspace-paths.mjs').WorkspacePaths} options.paths
 * @param {(line: string) => void} options.say
 * @param {readonly string[]} [options.only] Names of services; all by default.
 * @returns {Promise<string[]>} the labels of those that were ended
 */
export async function stopServices({ paths, say, only = SERVICES.map((service) => service.name) }) {
  if (!existsSync(paths.state)) return []
  const work = async () => {
    const state = readServicesState(paths)
    const services = SERVICES.filter((service) => only.includes(service.name))
    const inDocker = services.filter((service) => state.services[service.name]?.way === 'docker')
    if (inDocker.length > 0) await stopDockerServices(inDocker, { paths, secrets: state.secrets })
    const ended = await Promise.all(
      services.map(async ({ name, stop }) => {
        const identity = state.services[name]?.process
        if (identity === undefined || !isRunning(identity)) return false
        await stopProcess(identity, stop)
        return true
      }),
    )
    for (const { name } of services) delete state.services[name]?.process
    writeServicesState(paths, state, undefined)
    return services.filter((service, at) => ended[at] || inDocker.includes(service)).map((service) => service.label)
  }
  return withLock(join(paths.state, 'services.lock'), work, say)
}
