import type { ModelVersion } from '@ser/contracts'

/** What a model version is read from. */
export type ModelVersionRow = {
  model: string
  version: number
  run_id: string
  artefact_key: string
  artefact_sha256: string
  artefact_bytes: number
  feature_set: string
  accuracy: number
  uar: number
  created_at: Date
}

export const MODEL_VERSION_COLUMNS = `m.model, m.version, m.run_id, m.artefact_key,
  encode(m.artefact_sha256, 'hex') as artefact_sha256, m.artefact_bytes, encode(s.hash, 'hex') as feature_set,
  m.accuracy, m.uar, m.created_at`

export const MODEL_VERSION_TABLES = 'model_versions m join feature_sets s on s.id = m.feature_set_id'

/** A row of `MODEL_VERSION_COLUMNS` as the API says it. */
export function toModelVersion(row: ModelVersionRow): ModelVersion {
  return {
    model: row.model,
    version: row.version,
    runId: row.run_id,
    artefact: { sha256: row.artefact_sha256, bytes: row.artefact_bytes, key: row.artefact_key },
    featureSetId: row.feature_set,
    accuracy: row.accuracy,
    uar: row.uar,
    createdAt: row.created_at.toISOString(),
  }
}
