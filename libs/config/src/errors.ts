/** Settings that are missing or wrong: all of them in one message, each with what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly code = 'CONFIG_INVALID'
  /** One line a variable: its name and what is wrong with it; never its value, which may be secret. */
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`${problems.length === 1 ? 'A setting is' : 'Settings are'} wrong or missing:\n  ${problems.join('\n  ')}`)
    this.problems = problems
  }
}
