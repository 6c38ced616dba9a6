import { SerError, type ModelVersion } from '@ser/contracts'
import type { Queryable } from './create-database.ts'
import {
  MODEL_VERSION_COLUMNS,
  MODEL_VERSION_TABLES,
  toModelVersion,
  type ModelVersionRow,
} from './model-version-row.ts'

export type ModelVersionChoice = {
  /** Left out: of all models, the version that was made last. */
  readonly model?: string | undefined
  /** Left out: the newest. */
  readonly version?: number | undefined
}

/**
 * One version of a model.
 *
 * @throws SerError MODEL_VERSION_NOT_FOUND (gone).
 */
export async function getModelVersion(db: Queryable, choice: ModelVersionChoice): Promise<ModelVersion> {
  const { rows } = await db.query<ModelVersionRow>(
    `select ${MODEL_VERSION_COLUMNS} from ${MODEL_VERSION_TABLES}
     where ($1::text is null or m.model = $1) and ($2::integer is null or m.version = $2)
     order by m.created_at desc, m.version desc limit 1`,
    [choice.model ?? null, choice.version ?? null],
  )
  const row = rows[0]
  if (row === undefined) throw notFound(choice)
  return toModelVersion(row)
}

function notFound({ model, version }: ModelVersionChoice): SerError {
  const name = model ?? 'any name'
  const message =
    version === undefined
      ? `there is no model version of ${name} yet; a finished run makes one`
      : `there is no version ${version} of ${name}`
  return new SerError('MODEL_VERSION_NOT_FOUND', message, {
    kind: 'gone',
    ids: { ...(model === undefined ? {} : { model }), ...(version === undefined ? {} : { version }) },
  })
}
