import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { SetupError, lastWordsOf } from './setup-error.mjs'
import { writePrivateFile } from './write-private-file.mjs'

const run = promisify(execFile)

/** Whether an engine answers and has the compose plugin. */
export async function hasDockerCompose() {
  try {
    await run('docker', ['info', '--format', '{{.ServerVersion}}'], { timeout: 5000 })
    await run('docker', ['compose', 'version'], { timeout: 5000 })
    return true
  } catch {
    return false
  }
}

/**
 * Starts services of docker-compose.yml with ports of 127.0.0.1 that Docker chooses.
 * @param {import('./service.d.ts').Service[]} services
 * @param {{ paths: import('./workspace-paths.mjs').WorkspacePaths, secrets: import('./services-state.mjs').Secrets, say: (line: string) => void }} options
 * @returns {Promise<Record<string, import('./services-state.mjs').ServiceRecord>>}
 */
export async function startDockerServices(services, { paths, secrets, say }) {
  say('docker compose: starting; the first time it fetches images')
  const override = services.map(
    (service) => `  ${service.composeService}:\n    ports: ["127.0.0.1::${service.containerPort}"]\n`,
  )
  writePrivateFile(join(paths.state, 'compose.local.yml'), `services:\n${override.join('')}`)
  await compose(paths, secrets, ['up', '-d', '--wait', ...services.map((service) => service.composeService)], 600_000)
  const records = await Promise.all(
    services.map(async (service) => {
      const published = await compose(paths, secrets, ['port', service.composeService, String(service.containerPort)])
      const port = Number(published.trim().split(':').at(-1))
      const addresses = service.addresses(port, secrets)
      await service.probe(addresses)
      const program = `docker compose, service ${service.composeService}`
      return [service.name, { way: /** @type {const} */ ('docker'), addresses, program, ports: [port] }]
    }),
  )
  return Object.fromEntries(records)
}

/**
 * @param {import('./service.d.ts').Service[]} services
 * @param {{ paths: import('./workspace-paths.mjs').WorkspacePaths, secrets: import('./services-state.mjs').Secrets }} options
 */
export async function stopDockerServices(services, { paths, secrets }) {
  await compose(paths, secrets, ['stop', ...services.map((service) => service.composeService)])
}

/**
 * @param {import('./workspace-paths.mjs').WorkspacePaths} paths
 * @param {import('./services-state.mjs').Secrets} secrets
 * @param {string[]} args
 * @param {number} [timeout]
 */
async function compose(paths, secrets, args, timeout = 60_000) {
  // Clones must not share containers, and all are called alike.
  const project = `ser-${createHash('sha256').update(paths.state).digest('hex').slice(0, 8)}`
  const files = ['-f', join(paths.root, 'docker-compose.yml'), '-f', join(paths.state, 'compose.local.yml')]
  const env = {
    ...process.env,
    POSTGRES_PASSWORD: secrets.postgresPassword,
    REDIS_PASSWORD: secrets.redisPassword,
    S3_ACCESS_KEY: secrets.s3AccessKey,
    S3_SECRET_KEY: secrets.s3SecretKey,
    SER_API_TOKEN: secrets.apiToken,
  }
  try {
    const { stdout } = await run('docker', ['compose', '-p', project, ...files, ...args], { env, timeout })
    return stdout
  } catch (cause) {
    throw new SetupError(`docker compose ${args[0]} failed: ${lastWordsOf(cause, 3)}`, { cause })
  }
}
