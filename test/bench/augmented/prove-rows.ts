import type { Database } from '@ser/database'
import { audioKey, createObjectStorage } from '@ser/object-storage'
import { testServices } from '../../support/index.ts'

/** The recordings, and what is made of them. */
export const [RECORDINGS, AUGMENTED] = ['tess', 'tess-augmented'] as const

const paths = (dataset: string) =>
  `from dataset_clips c join datasets d on d.id = c.dataset_id where d.name = '${dataset}'`

// One number each.
const COUNTS = {
  recordings: `select count(*) ${paths(RECORDINGS)}`,
  distinctRecordings: `select count(distinct c.sha256) ${paths(RECORDINGS)}`,
  /** A row for each parent and copy. */
  variants: `select count(*) from clip_variants`,
  variantsPlaced: `select count(*) ${paths(AUGMENTED)}`,
  variantsUnplaced: `select count(*) from clip_variants v
    where not exists (select ${paths(AUGMENTED)} and c.sha256 = v.sha256)`,
  /** Recordings that have another number of copies than was asked for, or not those from 0 up. */
  parentsAmiss: `select count(*) from (
      select c.sha256 from (select distinct c.sha256 ${paths(RECORDINGS)}) c
      cross join augmentations a left join clip_variants v on v.parent = c.sha256
      group by c.sha256, a.copies
      having count(v.copy) <> a.copies or count(distinct v.copy) <> a.copies or max(v.copy) <> a.copies - 1) amiss`,
  /** A copy on which no step of the recipe came down may have the bytes of another clip: then it is that clip. */
  distinctClips: `select count(*) from (
      select sha256 from clip_variants union select sha256 from dataset_clips) each`,
  clips: `select count(*) from clips`,
  vectors: `select count(*) from feature_vectors`,
  clipsWithoutVector: `select count(*) from clips c
    where not exists (select from feature_vectors v where v.sha256 = c.sha256)`,
  vectorsWithoutClip: `select count(*) from feature_vectors v
    where not exists (select from clips c where c.sha256 = v.sha256)`,
  featureSets: `select count(*) from feature_sets`,
  failures: `select (select count(*) from feature_failures) + (select count(*) from rejected_files)
    + (select count(*) from augmentation_clips where code is not null) as count`,
  /** By the augmentation's own count. */
  done: `select coalesce(sum(done), 0)::bigint as count from augmentations`,
}

/** What is there in the end, counted in the database and the bucket; nothing is taken from what an app says. */
export type Counted = Readonly<Record<string, number>>

export async function countAll(db: Database, bucket: string): Promise<Counted> {
  const counted: Record<string, number> = {}
  for (const [name, sql] of Object.entries(COUNTS)) {
    const { rows } = await db.query<{ count: number }>(sql)
    counted[name] = rows[0].count
  }
  return { ...counted, ...(await compareObjects(db, bucket)) }
}

/** Objects, those of them that no row names with this length, and rows that have none. */
async function compareObjects(db: Database, bucket: string): Promise<Counted> {
  const { s3 } = await testServices()
  const storage = createObjectStorage({ ...s3, bucket })
  const objects = new Map<string, number>()
  for await (const { key, bytes } of storage.list('audio/')) objects.set(key, bytes)
  storage.close()
  const { rows } = await db.query<{ sha256: string; bytes: number }>(
    `select encode(sha256, 'hex') as sha256, bytes from clips`,
  )
  const expected = new Map(rows.map(({ sha256, bytes }) => [audioKey(sha256), bytes]))
  return {
    objects: objects.size,
    objectsAstray: [...objects].filter(([key, bytes]) => expected.get(key) !== bytes).length,
    objectsMissing: [...expected.keys()].filter((key) => !objects.has(key)).length,
    megabytes: Math.round([...objects.values()].reduce((sum, bytes) => sum + bytes, 0) / 1e6),
  }
}

/** What is lost, doubled or failed, in words; nothing when every recording and every copy is there once, with one vector. */
export function findFaults(
  counted: Counted,
  asked: { readonly recordings: number; readonly copies: number },
): string[] {
  const variants = asked.recordings * asked.copies
  const distinct = counted['distinctClips']
  const expected: Record<string, number> = {
    recordings: asked.recordings,
    distinctRecordings: asked.recordings,
    variants,
    variantsPlaced: variants,
    done: variants,
    clips: distinct,
    vectors: distinct,
    objects: distinct,
    featureSets: 1,
  }
  const none = [
    'variantsUnplaced',
    'parentsAmiss',
    'clipsWithoutVector',
    'vectorsWithoutClip',
    'failures',
    'objectsAstray',
    'objectsMissing',
  ]
  for (const name of none) expected[name] = 0
  return Object.entries(expected).flatMap(([name, value]) =>
    counted[name] === value ? [] : [`${name}: ${counted[name]}, and not ${value}`],
  )
}
