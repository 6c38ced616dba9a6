import { CommanderError } from 'commander'
import { CliError, EXIT } from './cli-error.ts'

/** Tells an error in one sentence (as JSON on standard error with --json) and sets the exit code. */
export function endWithError(error: unknown, interrupted: AbortSignal, json: boolean): void {
  process.exitCode = exitCodeOf(error, interrupted)
  // Commander has told its own already.
  if (error instanceof CommanderError) return
  const code = error instanceof CliError ? error.code : interrupted.aborted ? 'INTERRUPTED' : 'UNEXPECTED'
  const message = interrupted.aborted ? 'interrupted' : error instanceof Error ? error.message : String(error)
  process.stderr.write(json ? `${JSON.stringify({ error: { code, message } })}\n` : `ser: ${message}\n`)
  if (code === 'UNEXPECTED' && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`)
}

function exitCodeOf(error: unknown, interrupted: AbortSignal): number {
  if (interrupted.aborted) return EXIT.interrupted
  if (error instanceof CliError) return error.exitCode
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
  return EXIT.server
}
