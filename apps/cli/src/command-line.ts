import type { Command } from 'commander'
import type { CommandContext } from './command-context.ts'

export type Json = { readonly json?: boolean }

/** What commands are added to. Their actions import what they do, so that a command loads nothing that it does not need. */
export type CommandLine = {
  readonly program: Command
  /** A new command (below `parent`, default: the program) that takes --json. */
  readonly command: (usage: string, description: string, parent?: Command) => Command
  /** Does the work of a command that talks to the API; its answer is the exit code. */
  readonly run: (options: Json, work: (context: CommandContext) => Promise<number>) => Promise<void>
  /** Hears the exit code of a command that needs no API. */
  readonly done: (exitCode: number) => void
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
}

export function createCommandLine(
  program: Command,
  signal: AbortSignal,
  done: (exitCode: number) => void,
): CommandLine {
  return {
    program,
    signal,
    done,
    command: (usage, description, parent = program) =>
      parent.command(usage).description(description).option('--json', 'print one JSON document'),
    async run(options, work) {
      const { openContext } = await import('./command-context.ts')
      done(await work(openContext(options, signal)))
    },
  }
}
