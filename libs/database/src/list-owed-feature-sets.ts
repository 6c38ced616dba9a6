import { featureSpecSchema, type FeatureSpec } from '@ser/contracts'
import type { Queryable } from './create-database.ts'

export type OwedFeatureSet = { readonly datasetId: number; readonly dataset: string; readonly spec: FeatureSpec }

/**
 * Which features of which dataset somebody has asked for: the specs of its ingestions, of the augmentations that
 * fill it, and of runs that wait for them.
 * @param dataset Only of this one.
 */
export async function listOwedFeatureSets(db: Queryable, dataset?: string): Promise<OwedFeatureSet[]> {
  const { rows } = await db.query<{ datasetId: number; dataset: string; spec: unknown }>(
    `select distinct d.id as "datasetId", d.name as dataset, asked.spec
     from (
       select dataset_id, request -> 'featureSet' as spec from ingestions
       where $1::text is null or dataset_id = (select id from datasets where name = $1)
       union
       select into_dataset_id, request -> 'featureSet' from augmentations
       where $1::text is null or into_dataset_id = (select id from datasets where name = $1)
       union
       select wanted.id, run.spec -> 'featureSet'
       from runs run
       cross join lateral jsonb_array_elements_text(run.spec -> 'datasets') as listed (name)
       join datasets wanted on wanted.name = listed.name
       where run.status in ('queued', 'running')
     ) as asked
     join datasets d on d.id = asked.dataset_id
     where $1::text is null or d.name = $1
     order by d.id, asked.spec`,
    [dataset ?? null],
  )
  return rows.map((row) => ({ ...row, spec: featureSpecSchema.parse(row.spec) }))
}
