import { readFileSync } from 'node:fs'
import { apiVariables, ConfigError, findServices, readEnvironment } from '@ser/config'
import { CliError, EXIT } from './cli-error.ts'

export type ApiAddress = { readonly url: string; readonly token: string }

/** Where the API is, from SER_API_URL and SER_API_TOKEN, else from `.ser/services.json` of this folder or one above. */
export function readApiAddress(): ApiAddress {
  try {
    const settings = readEnvironment(apiVariables, process.env, readServices())
    return { url: settings.SER_API_URL, token: settings.SER_API_TOKEN }
  } catch (error) {
    if (error instanceof ConfigError) throw new CliError(EXIT.usage, 'CONFIG_INVALID', error.message, error)
    throw error
  }
}

/** What `npm run up` wrote; empty when it was never run. */
export function readServices(): Record<string, unknown> {
  return findServices(process.cwd(), (path) => readFileSync(path, 'utf8'))
}

/** The folder with TESS, when the environment names one. */
export function readTessFolder(): string | undefined {
  return process.env['TESS_DIR'] === '' ? undefined : process.env['TESS_DIR']
}

/** The environment that child processes inherit. */
export function inheritedEnvironment(): NodeJS.ProcessEnv {
  return process.env
}
