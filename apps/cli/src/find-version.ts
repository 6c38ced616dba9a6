import { registeredModelSchema } from '@ser/contracts'
import type { ApiClient } from './api-client.ts'
import { CliError, EXIT } from './cli-error.ts'

export type VersionName = { readonly model: string; readonly version: number }

/** The version that `name`, `name@version` or `name@alias` means; a name alone means the version in use. */
export async function findVersion(client: ApiClient, text: string): Promise<VersionName> {
  const { model, rest } = splitReference(text)
  if (rest !== undefined && /^\d+$/.test(rest)) return { model, version: Number(rest) }
  const { inUse, aliases } = await client.get(modelPath(model), registeredModelSchema)
  if (rest === undefined) return { model, version: inUse.version }
  const version: number | undefined = aliases[rest]
  if (version !== undefined) return { model, version }
  const known = Object.keys(aliases).join(', ')
  const message = `${model} has no version called ${rest}; it has ${known === '' ? 'no aliases' : known}`
  throw new CliError(EXIT.refused, 'MODEL_ALIAS_NOT_FOUND', message)
}

/** `name@version`, both of which must be there. */
export function readVersion(text: string): VersionName {
  const { model, rest } = splitReference(text)
  if (rest !== undefined && /^\d+$/.test(rest)) return { model, version: Number(rest) }
  throw new CliError(EXIT.usage, 'OPTION_INVALID', `name the version too, as in ${model}@3`)
}

function splitReference(text: string): { readonly model: string; readonly rest: string | undefined } {
  const parts = /^([^@]+)(?:@([^@]+))?$/.exec(text)
  if (parts !== null) return { model: parts[1], rest: parts[2] }
  throw new CliError(EXIT.usage, 'OPTION_INVALID', `a model is NAME, NAME@VERSION or NAME@ALIAS; not ${text}`)
}

/** The path of a model in the API. */
export function modelPath(model: string): string {
  return `/v1/models/${encodeURIComponent(model)}`
}

/** The path of a version in the API. */
export function versionPath({ model, version }: VersionName): string {
  return `${modelPath(model)}/versions/${version}`
}
