import { join } from 'node:path'
import { SetupError, reasonOf } from './setup-error.mjs'
import { hasPinnedPrograms } from './wheels.mjs'

/**
 * Starts a service as a process of this machine, in the first way that works.
 * @param {import('./service.d.ts').Service} service
 * @param {object} options
 * @param {import('./workspace-paths.mjs').WorkspacePaths} options.paths
 * @param {NodeJS.ProcessEnv} options.env
 * @param {(line: string) => void} options.say
 * @param {readonly import('./choose-ways.mjs').LocalWay[]} options.ways
 * @param {import('./services-state.mjs').ServicesState} options.state
 * @returns {Promise<import('./services-state.mjs').ServiceRecord>}
 * @throws {SetupError} no way worked; with the reason of each.
 */
export async function launchService(service, { paths, env, say, ways, state }) {
  const log = join(paths.logs, `${service.name}.log`)
  const reasons = ways.includes('docker') ? ['no Docker engine with compose answers'] : []
  const wishedPorts = state.services[service.name]?.ports ?? []
  for (const way of ways) {
    if (way === 'docker') continue
    try {
      const program = way === 'path' ? programOnPath(service, env) : await pinnedProgram(service, paths.cache, say)
      const started = await service.start(program, { paths, secrets: state.secrets, log, wishedPorts })
      return { way, program: program.label, log, ...started }
    } catch (error) {
      reasons.push(reasonOf(error))
    }
  }
  throw new SetupError(`${service.label} could not be started: ${reasons.join('; ')}`, {
    log,
    hint: `start a Docker engine, install ${service.pathHint}, or give ${service.variable}`,
  })
}

/**
 * @param {import('./service.d.ts').Service} service
 * @param {NodeJS.ProcessEnv} env
 */
function programOnPath(service, env) {
  const program = service.findOnPath(env)
  if (program === undefined) throw new SetupError(`no ${service.pathHint} on the PATH`)
  return program
}

/**
 * @param {import('./service.d.ts').Service} service
 * @param {string} cache
 * @param {(line: string) => void} say
 */
async function pinnedProgram(service, cache, say) {
  if (hasPinnedPrograms()) return service.fetchPinned({ cache, say })
  throw new SetupError(`the pinned programs are for Linux on x64, not for ${process.platform} on ${process.arch}`)
}
