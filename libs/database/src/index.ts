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
export { getFeatureProgress } from './get-feature-progress.ts'
export { getModelVersion, type ModelVersionChoice } from './get-model-version.ts'
export { getRun, getRunSummary } from './get-run.ts'
export { listClips, type ClipFilter } from './list-clips.ts'
export { listDatasets } from './list-datasets.ts'
export { listFeatureProgress } from './list-feature-progress.ts'
export { listFeatureSets } from './list-feature-sets.ts'
export { listModels } from './list-models.ts'
export { listModelVersions } from './list-model-versions.ts'
export { listRejections } from './list-rejections.ts'
export { listRunEpochs } from './list-run-epochs.ts'
export { listRuns } from './list-runs.ts'
export { paginate, type Page, type PageRequest } from './paginate.ts'
export { readCursor, writeCursor } from './read-cursor.ts'
export { getIngestion } from './get-ingestion.ts'
export { listIngestions } from './list-ingestions.ts'
