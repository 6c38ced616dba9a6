/** As many as feature_vectors and clip_roots have (migrations 0001 and 0003), both by the hash of the SHA-256. */
const PARTITIONS = 16

/** The COPYs that the partitions are divided among: two give more than one reader can take in. A power of two. */
export const SHARES = 2

export type FeatureColumn = 'vector' | 'frames'

/**
 * Hashes that are looked up together, of one partition. A bitmap of so many rows, each in a page of its own, is within 4 MiB, the least that
 * Postgres has for it; beyond, it would forget which rows of a page were found, and compare each with all hashes.
 */
const HASHES_AT_ONCE = 2 ** 15

// COPY takes no parameters; what is put into its text are whole numbers and constants.

/** The paths of datasets, in no order: (sha256, label, speaker, word, split, dataset_id, path). */
export function pathQuery(datasets: readonly number[]): string {
  return `select sha256, label, speaker, word, split, dataset_id, path from dataset_clips where ${within(datasets)}`
}

/**
 * What a feature set has of the clips of datasets, of the partitions of one share: rows (sha256, null, column), each once, and beside
 * them (sha256, root, null) for variants.
 *
 * Each partition is given the hashes that belong to it, and finds them by its index in one go, in their order; the rows are then read in
 * the order in which they lie on the disk. A join would go down the tree of an index anew for each of them, after it had found out which.
 *
 * @param of.paths About how many these datasets have.
 */
export function featureQuery(of: {
  readonly datasets: readonly number[]
  readonly paths: number
  readonly featureSet: number
  readonly column: FeatureColumn
  readonly share: number
}): string {
  const { datasets, paths, featureSet, column, share } = of
  if (![paths, featureSet].every(Number.isSafeInteger))
    throw new RangeError(`not whole numbers: ${paths}, ${featureSet}`)
  const parts = Math.min(256, Math.ceil(paths / PARTITIONS / HASHES_AT_ONCE))
  const partitions = Array.from({ length: PARTITIONS / SHARES }, (_, at) => share + SHARES * at)
  return `
    with wanted as materialized (
      select partition, array_agg(sha256) as hashes
      from (
        select sha256, ${partitionOf(SHARES, share)} as partition from dataset_clips
        where ${within(datasets)} and ${isIn(SHARES, share)}) as paths
      group by partition, get_byte(sha256, 0) % ${Math.max(1, parts)})
    ${partitions
      .flatMap((partition) => [
        `select v.sha256, null::bytea as root, v.${column} from wanted
         cross join lateral (
           select * from feature_vectors_p${partition}
           where feature_set_id = ${featureSet} and sha256 = any(wanted.hashes)) as v
         where wanted.partition = ${partition}`,
        `select r.sha256, r.root, null from wanted
         cross join lateral (select * from clip_roots_p${partition} where sha256 = any(wanted.hashes)) as r
         where wanted.partition = ${partition}`,
      ])
      .join(' union all ')}`
}

function within(datasets: readonly number[]): string {
  if (!datasets.every(Number.isSafeInteger)) throw new RangeError(`not row ids: ${datasets.join()}`)
  return `dataset_id in (${[-1, ...datasets].join()})`
}

/** Postgres' own test of a row for a partition; it knows no function that gives the partition's number. */
function isIn(modulus: number, remainder: number): string {
  return `satisfies_hash_partition('feature_vectors'::regclass, ${modulus}, ${remainder}, sha256)`
}

/** The number of the partition of a SHA-256 that leaves `remainder`: halved by one test after the other. */
function partitionOf(modulus: number, remainder: number): string {
  if (modulus === PARTITIONS) return String(remainder)
  const [twice, other] = [2 * modulus, remainder + modulus]
  return `case when ${isIn(twice, remainder)} then ${partitionOf(twice, remainder)} else ${partitionOf(twice, other)} end`
}
