import { CHAMPION, SerError, type ChoiceReason, type ModelVersion } from '@ser/contracts'
import type { Queryable } from './create-database.ts'
import {
  MODEL_VERSION_COLUMNS,
  MODEL_VERSION_TABLES,
  toModelVersion,
  type ModelVersionRow,
} from './model-version-row.ts'

export type ModelReference = {
  /** Left out: the default model of the server; while none is chosen, the model whose version was made last. */
  readonly model?: string | undefined
  readonly version?: number | undefined
  /** Left out, as the version: `champion`, and the newest version of a model that has no champion. */
  readonly alias?: string | undefined
}

export type ResolvedModelVersion = {
  readonly modelVersion: ModelVersion
  /** Why this one: to be said with every answer, because `newest` changes with the next run. */
  readonly chosenBy: ChoiceReason
  /** The alias that led to it. */
  readonly alias: string | null
}

/**
 * The version that a caller means. One statement that reads a few index entries, so that it can be asked for each request: a
 * promotion is in force with the next one. (`watchModelChanges` tells of changes, to load a model before it is asked for.)
 *
 * @throws SerError MODEL_NOT_FOUND, MODEL_VERSION_NOT_FOUND, MODEL_ALIAS_NOT_FOUND (gone), each with what to do;
 * MODEL_REFERENCE_AMBIGUOUS (bad-input) for a version and an alias at once
 */
export async function resolveModelVersion(db: Queryable, reference: ModelReference): Promise<ResolvedModelVersion> {
  const { model, version, alias } = reference
  if (version !== undefined && alias !== undefined) {
    const message = `name a version or an alias, not both: version ${version}, alias ${alias}`
    throw new SerError('MODEL_REFERENCE_AMBIGUOUS', message, { kind: 'bad-input' })
  }
  const { rows } = await db.query<ModelVersionRow & { named: boolean }>(
    `with chosen as (
       select coalesce($1::text, (select d.model from default_model d),
         (select v.model from model_versions v order by v.created_at desc, v.version desc limit 1)) as model),
     alias as (
       select a.version from model_aliases a, chosen c where a.model = c.model and a.alias = $3 and $2::integer is null)
     select ${MODEL_VERSION_COLUMNS}, exists (select 1 from alias) as named
     from ${MODEL_VERSION_TABLES}, chosen c
     where m.model = c.model
       and ($2::integer is null or m.version = $2)
       and ($4 or exists (select 1 from alias))
       and (not exists (select 1 from alias) or m.version = (select version from alias))
     order by m.version desc limit 1`,
    [model ?? null, version ?? null, alias ?? CHAMPION, alias === undefined],
  )
  const [row] = rows
  if (row === undefined) throw await explainMissing(db, reference)
  const modelVersion = toModelVersion(row)
  if (version !== undefined) return { modelVersion, chosenBy: 'version', alias: null }
  if (row.named) return { modelVersion, chosenBy: 'alias', alias: alias ?? CHAMPION }
  return { modelVersion, chosenBy: 'newest', alias: null }
}

async function explainMissing(db: Queryable, { model, version, alias }: ModelReference): Promise<SerError> {
  const name = model ?? (await findDefaultName(db))
  if (name === undefined) {
    const message = 'there is no model yet: train one, and the finished run makes it'
    return new SerError('MODEL_NOT_FOUND', message, { kind: 'gone' })
  }
  const { rows } = await db.query<{ newest: number | null; aliases: string | null }>(
    `select (select max(version) from model_versions where model = $1) as newest,
       (select string_agg(alias || ' (' || version || ')', ', ' order by alias) from model_aliases where model = $1) as aliases`,
    [name],
  )
  const [{ newest, aliases }] = rows
  if (newest === null) return modelNotFound(name)
  if (version !== undefined) {
    const message = `there is no version ${version} of ${name}; its newest is ${newest}`
    return new SerError('MODEL_VERSION_NOT_FOUND', message, { kind: 'gone', ids: { model: name, version } })
  }
  const message = `${name} has no version called ${alias}; it has ${aliases ?? 'no aliases: promote a version to one'}`
  return new SerError('MODEL_ALIAS_NOT_FOUND', message, {
    kind: 'gone',
    ids: { model: name, alias: alias ?? CHAMPION },
  })
}

async function findDefaultName(db: Queryable): Promise<string | undefined> {
  const { rows } = await db.query<{ model: string }>(
    `select model from default_model union all
     (select model from model_versions order by created_at desc, version desc limit 1) limit 1`,
  )
  return rows[0]?.model
}

/** The error for a name under which nothing was ever trained. */
export function modelNotFound(model: string): SerError {
  const message = `there is no model named ${model}; GET /v1/models lists those that there are`
  return new SerError('MODEL_NOT_FOUND', message, { kind: 'gone', ids: { model } })
}
