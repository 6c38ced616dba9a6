import { CliError, EXIT } from './cli-error.ts'

/** A feature spec as it was given, as JSON; the contract says whether it is one. */
export function readSet(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new CliError(EXIT.usage, 'OPTION_INVALID', `--set is not JSON: ${String(error)}`, error)
  }
}
