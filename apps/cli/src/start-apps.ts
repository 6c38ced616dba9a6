import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as delay } from 'node:timers/promises'
import { CliError, EXIT } from './cli-error.ts'
import { inheritedEnvironment, readApiAddress, type ApiAddress } from './config.ts'
import { keepApp, type KeptApp } from './keep-app.ts'

/** The repository's root: this file lies in apps/cli/src, and its bundle in apps/cli/dist. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

export type RunningApps = {
  readonly address: ApiAddress
  /** Does the work, unless one of the apps cannot be kept running meanwhile: then rejects with what its log says. */
  readonly during: <T>(work: Promise<T>) => Promise<T>
  readonly stop: () => Promise<void>
}

export type StartOptions = {
  /** Folders that the ingest app may read. */
  readonly roots: readonly string[]
  /** A worker that makes variants too. */
  readonly augmentation?: boolean
  readonly signal: AbortSignal
  readonly say: (text: string) => void
}

/** The API first, because it brings the schema up to date and says when the services answer. */
const APPS = ['admin-api', 'ingest', 'feature-worker', 'feature-worker', 'trainer'] as const

/**
 * Starts the apps on this machine, from their bundles, keeps them running, and resolves when the API is ready. What has started is stopped
 * again when one fails.
 */
export async function startApps({ roots, signal, say, augmentation = false }: StartOptions): Promise<RunningApps> {
  const address = await chooseAddress()
  const running: KeptApp[] = []
  const stop = async (): Promise<void> => {
    for (const app of running.toReversed()) await app.stop()
  }
  try {
    const names = augmentation ? [...APPS, 'augmentation-worker'] : APPS
    for (const [index, name] of names.entries()) {
      signal.throwIfAborted()
      running.push(await startApp({ name, index, address, roots, say }))
      if (name === 'admin-api') await Promise.race([waitUntilReady(address.url, signal), running[0].failure])
    }
  } catch (error) {
    await stop()
    throw error
  }
  say(`apps are up: the API at ${address.url}, logs in ${join(ROOT, '.ser/logs')}`)
  return {
    address,
    during: (work) => Promise.race([work, ...running.map(({ failure }) => failure)]),
    stop,
  }
}

type AppStart = Pick<StartOptions, 'roots' | 'say'> & {
  readonly name: string
  readonly index: number
  readonly address: ApiAddress
}

function startApp({ name, index, address, roots, say }: AppStart): Promise<KeptApp> {
  const entry = join(ROOT, 'apps', name, 'dist/main.js')
  if (!existsSync(entry))
    throw new CliError(EXIT.usage, 'NOT_BUILT', `${entry} is missing: run \`npm run setup\` in ${ROOT} first`)
  const { hostname, port } = new URL(address.url)
  const env = {
    ...inheritedEnvironment(),
    SER_API_URL: address.url,
    SER_API_TOKEN: address.token,
    SER_API_HOST: hostname,
    SER_API_PORT: port,
    SER_INGEST_ROOTS: roots.join(':'),
    // Two feature workers share the cores. Each app reads the rest from .ser/services.json.
    ...(name === 'feature-worker' ? { SER_THREADS: String(Math.max(1, Math.ceil(availableParallelism() / 2))) } : {}),
  }
  return keepApp({ name, entry, env, logFile: join(ROOT, `.ser/logs/${name}-${index}.log`) }, { say })
}

/** The address that `npm run up` wrote down, so that other terminals find the API; a free port when that one is taken. */
async function chooseAddress(): Promise<ApiAddress> {
  const { url, token } = readApiAddress()
  const wanted = Number(new URL(url).port)
  const port = (await tryPort(wanted)) ?? (await tryPort(0))
  if (port === undefined) throw new CliError(EXIT.unreachable, 'NO_PORT', 'no port of 127.0.0.1 is free for the API')
  return { url: `http://127.0.0.1:${port}`, token }
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : undefined))
    })
  })
}

async function waitUntilReady(url: string, signal: AbortSignal): Promise<void> {
  let reason = 'it does not answer'
  for (const deadline = Date.now() + 60_000; Date.now() < deadline;) {
    const response = await fetch(`${url}/health/ready`, { signal }).catch(() => undefined)
    if (response?.ok === true) return
    if (response !== undefined) reason = await response.text()
    signal.throwIfAborted()
    await delay(200, undefined, { signal })
  }
  throw new CliError(EXIT.unreachable, 'API_NOT_READY', `the API at ${url} is not ready after 60 s: ${reason}`)
}
