import { createApiClient, type ApiClient } from './api-client.ts'
import { readApiAddress } from './config.ts'
import { createTerminal, type Terminal } from './terminal.ts'

/** What a command works with. */
export type CommandContext = {
  readonly terminal: Terminal
  readonly client: ApiClient
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
}

/** The context of a command that talks to the API. */
export function openContext(options: { readonly json?: boolean }, signal: AbortSignal): CommandContext {
  return { terminal: createTerminal(options.json === true), client: createApiClient(readApiAddress()), signal }
}
