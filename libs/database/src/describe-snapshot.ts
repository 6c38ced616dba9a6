import type { SnapshotDescription } from '@ser/contracts'
import type { Queryable } from './create-database.ts'

/**
 * What the clips of a run are. Labels and sides are as they were; which dataset a clip belongs to and who speaks is as the datasets say
 * it now, and a clip that lies in several of the run's datasets counts in each.
 */
export async function describeSnapshot(db: Queryable, runId: string): Promise<SnapshotDescription> {
  const datasets = await db.query<SnapshotDescription['datasets'][number]>(
    // The limits keep the look-ups for each clip: without them, all paths and all variants may be read into hash tables.
    `select d.name as dataset,
       array(select distinct i.request -> 'layout' ->> 'kind' from ingestions i
         where i.dataset_id = d.id and i.status = 'completed' and i.request -> 'layout' ->> 'kind' is not null order by 1) as layouts,
       count(distinct c.sha256) filter (where c.side = 'train') as train,
       count(distinct c.sha256) filter (where c.side = 'validation') as validation,
       count(distinct c.sha256) filter (where c.side = 'test') as test,
       count(distinct c.sha256) filter (where (select true from clip_variants v where v.sha256 = c.sha256 limit 1)) as variants,
       array_agg(distinct dc.speaker order by dc.speaker) as speakers
     from runs r
     join datasets d on r.spec -> 'datasets' ? d.name
     join run_clips c on c.run_id = r.id
     cross join lateral (select speaker from dataset_clips where sha256 = c.sha256 and dataset_id = d.id limit 1000) as dc
     where r.id = $1
     group by d.id, d.name order by d.name`,
    [runId],
  )
  const labels = await db.query<SnapshotDescription['labels'][number]>(
    `select coalesce(r.evaluation -> 'labels' ->> c.label, c.label::text) as label,
       count(*) filter (where c.side = 'train') as train,
       count(*) filter (where c.side = 'validation') as validation, count(*) filter (where c.side = 'test') as test
     from runs r join run_clips c on c.run_id = r.id where r.id = $1 group by r.id, c.label order by c.label`,
    [runId],
  )
  return { datasets: datasets.rows, labels: labels.rows }
}
