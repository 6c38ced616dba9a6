import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'

const run = promisify(execFile)

/** The parser of Docker compose itself, as a program of its own. */
const LOADER = 'github.com/compose-spec/compose-go/v2/cmd@v2.16.2'

const serviceSchema = z.looseObject({
  image: z.string(),
  build: z.looseObject({ dockerfile: z.string() }).optional(),
  container_name: z.string().optional(),
  ports: z.array(z.looseObject({ published: z.string().optional() })).optional(),
  healthcheck: z.looseObject({ test: z.array(z.string()).optional(), disable: z.boolean().optional() }).optional(),
  depends_on: z.record(z.string(), z.looseObject({ condition: z.string() })).optional(),
  command: z.array(z.string()).nullish(),
  volumes: z.array(z.looseObject({ source: z.string().optional(), target: z.string() })).optional(),
})

const composeSchema = z.looseObject({ services: z.record(z.string(), serviceSchema) })
export type ComposeModel = z.output<typeof composeSchema>

/** Says what is wrong with a compose file, or gives it as compose understands it. */
export type ComposeLoader = (file: string, environment: Record<string, string>) => Promise<ComposeModel>

/**
 * `docker compose config` where the plugin is installed; else compose's own parser, built by Go once and kept in the
 * user's cache; undefined where there is neither.
 */
export async function findComposeLoader(): Promise<ComposeLoader | undefined> {
  if (await succeeds('docker', ['compose', 'version'])) return loadByPlugin
  const program = await buildParser()
  return program === undefined ? undefined : (file, environment) => loadByParser(program, file, environment)
}

async function loadByPlugin(file: string, environment: Record<string, string>): Promise<ComposeModel> {
  const { stdout } = await run('docker', ['compose', '-f', file, 'config', '--format', 'json'], {
    env: { ...process.env, ...environment },
  })
  return composeSchema.parse(JSON.parse(stdout))
}

async function buildParser(): Promise<string | undefined> {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'ser', 'compose-go-2.16.2')
  const program = join(cache, 'cmd')
  if (existsSync(program)) return program
  if (!(await succeeds('go', ['version']))) return undefined
  await run('go', ['install', LOADER], { env: { ...process.env, GOBIN: cache, GOFLAGS: '-mod=mod' } })
  return program
}

/** The parser does not hand the environment on to its interpolation, so variables are replaced before. */
async function loadByParser(program: string, file: string, environment: Record<string, string>): Promise<ComposeModel> {
  const folder = mkdtempSync(join(tmpdir(), 'ser-compose-'))
  try {
    writeFileSync(join(folder, 'docker-compose.yml'), interpolate(readFileSync(file, 'utf8'), environment))
    const { stdout } = await run(program, ['-format', 'json', 'docker-compose.yml'], { cwd: folder })
    return composeSchema.parse(JSON.parse(stdout))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** `${NAME}`, `${NAME:-default}` and `${NAME:?message}`, as compose replaces them. */
export function interpolate(text: string, environment: Record<string, string>): string {
  return text.replaceAll(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, operator?: string, word?: string) => {
    const value = environment[name] ?? ''
    if (value !== '') return value
    if (operator === '?') throw new Error(`required variable ${name} is missing a value: ${word}`)
    return word ?? ''
  })
}

async function succeeds(program: string, args: string[]): Promise<boolean> {
  return run(program, args).then(
    () => true,
    () => false,
  )
}
