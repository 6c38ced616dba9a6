import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { findServices, readEnvironment, serviceVariables, workerSettings, workerVariables } from '@ser/config'

/** Everything that decides how this process runs. The only reader of the environment. */
export function readConfig() {
  const services = findServices(process.cwd(), (path) => readFileSync(path, 'utf8'))
  const variables = { ...serviceVariables, ...workerVariables }
  const read = readEnvironment(variables, process.env, services)
  const cores = availableParallelism()
  return {
    ...workerSettings(read),
    /** Jobs at once: while one waits for storage or the database, another computes. */
    concurrency: read.SER_CONCURRENCY ?? cores,
    threads: read.SER_THREADS ?? cores,
  }
}
