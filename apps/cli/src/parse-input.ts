import type { z } from 'zod'
import { CliError, EXIT } from './cli-error.ts'

/** What the options say, checked before it is sent: the same schema as the server's, so the same message. */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new CliError(EXIT.usage, 'OPTION_INVALID', problems.join('; '))
}
