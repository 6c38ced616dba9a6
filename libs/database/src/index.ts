export {
  createDatabase,
  type Database,
  type DatabaseOptions,
  type Queryable,
  type QueryRows,
} from './create-database.ts'
export { mapDatabaseError } from './map-database-error.ts'
export { migrate } from './migrate.ts'
export { readMigrations, type Migration } from './read-migrations.ts'
