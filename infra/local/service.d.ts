import type { Secrets } from './services-state.mjs'
import type { ProcessIdentity } from './supervise-process.mjs'
import type { WorkspacePaths } from './workspace-paths.mjs'

/** A program that can give a service. */
export type Program = {
  /** For people: name and version. */
  readonly label: string
  /** Names the folder of its data: another program or major version cannot read them. */
  readonly name: string
  readonly path: string
  /** Of its companions. */
  readonly folder?: string
}

export type StartContext = {
  readonly paths: WorkspacePaths
  readonly secrets: Secrets
  readonly log: string
  readonly wishedPorts: number[]
}

export type Started = {
  process: ProcessIdentity
  ports: number[]
  addresses: Record<string, string>
  data: string
}

/** One of the services, and the ways to come by it. */
export type Service = {
  readonly name: string
  readonly label: string
  /** The environment variable that says that it is given. */
  readonly variable: string
  /** Its name in docker-compose.yml. */
  readonly composeService: string
  readonly containerPort: number
  /** How its process is ended: the signal, and after what time it is killed. */
  readonly stop: { readonly signal: NodeJS.Signals; readonly patienceMs: number }
  /** Which program on the PATH would do. */
  readonly pathHint: string
  readonly fromEnvironment: (env: NodeJS.ProcessEnv) => Record<string, string>
  readonly addresses: (port: number, secrets: Secrets) => Record<string, string>
  readonly probe: (addresses: Record<string, string>) => Promise<unknown>
  readonly findOnPath: (env: NodeJS.ProcessEnv) => Program | undefined
  readonly fetchPinned: (options: { cache: string; say: (line: string) => void }) => Promise<Program>
  readonly start: (program: Program, context: StartContext) => Promise<Started>
}
