export { ConfigError } from './errors.ts'
export { SERVICES_FILE, findServices } from './find-services.ts'
export { readEnvironment, type Environment } from './read-environment.ts'
export {
  apiVariables,
  ingestVariables,
  loggingVariables,
  objectStorageVariables,
  postgresVariables,
  queueVariables,
  redisVariables,
  wholeNumber,
  workerVariables,
} from './variables.ts'
