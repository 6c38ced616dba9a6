import { dirname, join } from 'node:path'
import { z } from 'zod'
import { ConfigError } from './errors.ts'

/** Where `npm run up` writes the addresses of the services, from the repository's root. */
export const SERVICES_FILE = '.ser/services.json'

const servicesSchema = z.record(z.string(), z.unknown())

/**
 * The addresses that `npm run up` wrote: `.ser/services.json` in `folder` or the nearest folder above it; empty when
 * there is none. `readText` returns a file's text or throws an error whose code is ENOENT or ENOTDIR.
 *
 * @throws ConfigError when the file is there but is not a JSON object.
 */
export function findServices(folder: string, readText: (path: string) => string): Record<string, unknown> {
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, SERVICES_FILE)
    const text = readIfThere(path, readText)
    if (text !== undefined) return parseServices(path, text)
    if (dirname(at) === at) return {}
  }
}

function readIfThere(path: string, readText: (path: string) => string): string | undefined {
  try {
    return readText(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
}

function parseServices(path: string, text: string): Record<string, unknown> {
  try {
    return servicesSchema.parse(JSON.parse(text))
  } catch {
    throw new ConfigError([`${path} is not a JSON object; \`npm run down\`, then \`npm run up\` write it anew`])
  }
}
