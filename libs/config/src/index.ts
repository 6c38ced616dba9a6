export { ConfigError } from './errors.ts'
export { SERVICES_FILE, findServices } from './find-services.ts'
export { readEnvironment, type Environment } from './read-environment.ts'
export { serviceSettings, workerSettings } from './service-settings.ts'
export {
  apiVariables,
  ingestVariables,
  liesBelow,
  loggingVariables,
  postgresVariables,
  serviceVariables,
  wholeNumber,
  workerVariables,
} from './variables.ts'
