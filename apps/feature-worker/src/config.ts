import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import {
  findServices,
  readEnvironment,
  serviceVariables,
  wholeNumber,
  workerSettings,
  workerVariables,
} from '@ser/config'

/** Everything that decides how this process runs. The only reader of the environment. */
export function readConfig() {
  const services = findServices(process.cwd(), (path) => readFileSync(path, 'utf8'))
  const variables = {
    ...serviceVariables,
    ...workerVariables,
    /** What a recording may last, in seconds. For an hour a thread holds some 80 MB, for two some 160. */
    SER_MAX_SECONDS: wholeNumber(1, 86_400).default(7200),
  }
  const read = readEnvironment(variables, process.env, services)
  const cores = availableParallelism()
  return {
    ...workerSettings(read),
    /** Jobs at once: while one waits for storage or the database, another computes. */
    concurrency: read.SER_CONCURRENCY ?? cores,
    threads: read.SER_THREADS ?? cores,
    maxSeconds: read.SER_MAX_SECONDS,
  }
}
