/** A failure of the set-up that a person can act on: what failed, where its log is, what to do. */
export class SetupError extends Error {
  /**
   * @param {string} message What failed.
   * @param {{ log?: string | undefined, hint?: string | undefined, cause?: unknown }} [details]
   */
  constructor(message, details = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'SetupError'
    this.log = details.log
    this.hint = details.hint
  }
}

/** The message of anything thrown. @param {unknown} error */
export function reasonOf(error) {
  return error instanceof Error ? error.message || error.name : String(error)
}

/** The `code` of a system error or an exit, as text; undefined if there is none. @param {unknown} error */
export function codeOf(error) {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}

/** The last lines of what a failed program said. @param {unknown} error @param {number} [count] */
export function lastWordsOf(error, count = 1) {
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : ''
  return text === '' ? reasonOf(error) : text.split('\n').slice(-count).join(' | ')
}
