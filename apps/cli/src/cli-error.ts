/**
 * How the command ends. 0: done. 1: the work itself failed (a run, an ingestion). 2: wrong usage. 3: the API or a service is not
 * reachable. 4: refused: bad input, no such thing, wrong token. 5: the server failed. 130: interrupted.
 */
export const EXIT = { ok: 0, failed: 1, usage: 2, unreachable: 3, refused: 4, server: 5, interrupted: 130 } as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** An error that is told in one sentence and ends the command with its exit code. */
export class CliError extends Error {
  override readonly name = 'CliError'
  readonly code: string
  readonly exitCode: ExitCode

  constructor(exitCode: ExitCode, code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.exitCode = exitCode
  }
}
