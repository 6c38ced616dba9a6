import { z } from 'zod'
import { ConfigError } from './errors.ts'

/** The variables of a process: `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads the named variables from the environment, and those that are not there (or are empty) from what `npm run up`
 * wrote to `.ser/services.json`.
 *
 * @example readEnvironment({ ...postgresVariables, ...loggingVariables }, process.env, findServices(process.cwd(), readText))
 * @throws ConfigError that names every wrong or missing variable at once; values are not repeated, some are secret.
 */
export function readEnvironment<Shape extends z.ZodRawShape>(
  variables: Shape,
  environment: Environment,
  services: Readonly<Record<string, unknown>> = {},
): z.output<z.ZodObject<Shape>> {
  const merged = Object.fromEntries(
    Object.keys(variables).map((name) => [name, present(environment[name]) ?? present(services[name])]),
  )
  const parsed = z.object(variables).safeParse(merged)
  if (parsed.success) return parsed.data
  throw new ConfigError(describeIssues(parsed.error.issues, merged))
}

function present(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

function describeIssues(issues: readonly z.core.$ZodIssue[], merged: Record<string, unknown>): string[] {
  const byVariable = new Map<string, string>()
  for (const { path, message } of issues) {
    const name = String(path[0])
    const problem =
      merged[name] === undefined ? 'is not set; `npm run up` starts the services and writes it down' : message
    if (!byVariable.has(name)) byVariable.set(name, `${name} ${problem}`)
  }
  return [...byVariable.values()].sort()
}
