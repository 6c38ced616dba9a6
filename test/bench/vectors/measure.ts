/**
 * Writes and reads vectors of float32 in the ways that Postgres offers, beside what the pipeline does (`upsertVectors`, `readVectors`).
 *
 *   node --import tsx -C ser-source test/bench/vectors/measure.ts [--vectors 100000] [--others 0] [--length 170] [--json FILE] [--picture FILE.svg]
 *
 * `--others` puts so many clips of another dataset, with vectors, beside those that are read. What counts is the ratio to a plain COPY
 * of bytea, from the same process: both feel what else the machine does.
 * Needs `npm run up`. Runs on a database of its own and drops it at the end, also after an error or when interrupted.
 */
import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { createDatabase, ensureDataset, ensureFeatureSet, readVectors, upsertVectors } from '@ser/database'
import { featureSpecSchema } from '@ser/contracts'
import { hashOf } from '../../integration/io/sample-rows.ts'
import { createTestDatabase } from '../../support/index.ts'
import { featureQuery, pathQuery, SHARES } from '../../../libs/database/src/clip-queries.ts'
import { copyRows } from '../../../libs/database/src/copy-rows.ts'
import { drawBars } from '../kernels/draw-bars.ts'
import { createWays } from './ways.ts'

const BATCH = 256
const { values: options } = parseArgs({
  options: {
    vectors: { type: 'string', default: '100000' },
    length: { type: 'string', default: '170' },
    others: { type: 'string', default: '0' },
    json: { type: 'string' },
    picture: { type: 'string' },
  },
})
const count = Number(options.vectors)
const others = Number(options.others)
const length = Number(options.length)
const say = (line: string) => process.stdout.write(`${line}\n`)

const database = await createTestDatabase()
const db = createDatabase({ url: database.url, maxConnections: 4 })
const rows = Array.from({ length: count }, (_, index) => ({
  sha256: hashOf(`vector ${index}`),
  values: Float32Array.from({ length }, (__, value) => Math.sin(index * 31 + value) * 100),
}))
const batches = Array.from({ length: Math.ceil(count / BATCH) }, (_, batch) =>
  rows.slice(batch * BATCH, (batch + 1) * BATCH),
)
const figures: { way: string; seconds: number; processorSeconds: number; perSecond: number; mebibytes?: number }[] = []

/** Reading is done three times, of which the quickest counts; writing only once, as it can be done only once. */
async function measure(way: string, work: () => Promise<unknown>, table?: string): Promise<void> {
  const turns: { seconds: number; processorSeconds: number }[] = []
  while (turns.length < (way.startsWith('read') ? 3 : 1)) {
    const before = process.cpuUsage()
    const start = performance.now()
    await work()
    const seconds = (performance.now() - start) / 1000
    const { user, system } = process.cpuUsage(before)
    turns.push({ seconds, processorSeconds: (user + system) / 1e6 })
  }
  const { seconds, processorSeconds } = turns.toSorted((a, b) => a.seconds - b.seconds)[0]
  const mebibytes = table === undefined ? undefined : await sizeOf(table)
  const size = mebibytes === undefined ? {} : { mebibytes }
  figures.push({ way, seconds, processorSeconds, perSecond: count / seconds, ...size })
  say(
    `${way.padEnd(44)} ${seconds.toFixed(2).padStart(7)} s ${processorSeconds.toFixed(2).padStart(7)} s here ${(count / seconds).toFixed(0).padStart(8)} a second ${mebibytes === undefined ? '' : `${mebibytes.toFixed(0)} MiB`}`,
  )
}

/** Of a table, or of all partitions of one, with indexes. */
async function sizeOf(table: string): Promise<number> {
  const { rows: found } = await db.query<{ bytes: number }>(
    `select coalesce(sum(pg_total_relation_size(relid)), 0)::bigint + pg_total_relation_size($1::regclass) as bytes
     from pg_partition_tree($1::regclass) where isleaf and relid <> $1::regclass`,
    [table],
  )
  return found[0].bytes / 2 ** 20
}

/** Both types, each by INSERT and by COPY BINARY, each table dropped before the next. */
async function measureWays(): Promise<void> {
  for (const way of createWays(db)) {
    await db.query(`create table ${way.table} (sha256 bytea primary key, values ${way.type} not null)`)
    await measure(`write ${way.name}`, () => way.write(rows, batches), way.table)
    await db.query(`vacuum analyze ${way.table}`)
    await measure(`read ${way.name}`, () => way.read(count, length))
    await db.query(`drop table ${way.table}`)
  }
}

// Clips in one statement a table: how fast they are taken in is measured with the pipeline.
const SEED = `
  with clip as (
    select n, sha256(convert_to($3 || ' ' || n, 'utf8')) as sha256 from generate_series(0, $2::integer - 1) as n),
  clips as (
    insert into clips (sha256, object_key, bytes, container, encoding, sample_rate, channels, frames)
    select sha256, 'audio/' || n, 1000, 'wav', 'pcm-s16le', 24414, 1, 480 from clip)
  insert into dataset_clips (dataset_id, path, sha256, label, speaker)
  select $1, n || '.wav', sha256, (array['angry', 'happy', 'sad'])[n % 3 + 1], 'x' from clip`

const SEED_VECTORS = `
  insert into feature_vectors (feature_set_id, sha256, vector)
  select $1, sha256, decode(repeat('00', 4 * $2::integer), 'hex') from dataset_clips where dataset_id = $3`

/** The product's own functions, on its own tables. */
async function measureProduct(): Promise<void> {
  const { rowId: featureSet } = await ensureFeatureSet(db, featureSpecSchema.parse({}), 'bench')
  const datasetId = await ensureDataset(db, 'bench')
  const othersId = await ensureDataset(db, 'others')
  await db.query(SEED, [datasetId, count, 'vector'])
  await db.query(SEED, [othersId, others, 'other'])
  await db.query(SEED_VECTORS, [featureSet, length, othersId])
  const store = async () => {
    for (const batch of batches) await upsertVectors(db, featureSet, batch)
  }
  await measure('write upsertVectors, 256 a statement', store, others === 0 ? 'feature_vectors' : undefined)
  await db.query('vacuum analyze feature_vectors, dataset_clips, clips')
  // What of the reading is the server's work, and what the parser's.
  const query = { datasets: [datasetId], paths: count, featureSet, column: 'vector' } as const
  const queries = [
    { fields: 7, text: pathQuery([datasetId]) },
    ...Array.from({ length: SHARES }, (_, share) => ({ fields: 3, text: featureQuery({ ...query, share }) })),
  ]
  await measure('read what readVectors reads, not kept', async () => {
    const { signal } = new AbortController()
    await Promise.all(queries.map(({ fields, text }) => copyRows(db, text, { fields, read: () => undefined }, signal)))
  })
  const selection = { datasets: ['bench'], featureSet, length }
  await measure('read readVectors', async () => {
    const table = await readVectors(db, selection)
    if (table.clips.length !== count) throw new Error(`${table.clips.length} vectors instead of ${count}`)
  })
}

function speedOf(way: string): number {
  return figures.find((figure) => figure.way === way)?.perSecond ?? NaN
}

/** Vectors a second, of the raw COPY's. */
function ratioToRaw(): number {
  return speedOf('read readVectors') / speedOf('read bytea, COPY BINARY')
}

function draw(): string {
  const groups = (['write', 'read'] as const).map((what) => ({
    title: `Milliseconds to ${what} 1000 vectors of ${length} float32`,
    bars: figures
      .filter(({ way }) => way.startsWith(`${what} `))
      .map(({ way, perSecond }) => ({
        name: way.slice(what.length + 1),
        milliseconds: 1e6 / perSecond,
        ours: /Vectors/.test(way),
      })),
  }))
  return drawBars(groups, 'Milliseconds for 1000 vectors')
}

const interrupted = new Promise<never>((_, reject) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => reject(new Error(signal)))
})
try {
  say(`${count} vectors of ${length} float32, ${availableParallelism()} cores, Node ${process.versions.node}`)
  await Promise.race([measureWays().then(measureProduct), interrupted])
  const ratio = ratioToRaw()
  say(`readVectors reads ${ratio.toFixed(2)} times as many a second as a plain COPY of bytea`)
  if (options.json !== undefined)
    await writeFile(options.json, `${JSON.stringify({ count, others, length, ratio, figures }, null, 2)}\n`)
  if (options.picture !== undefined) await writeFile(options.picture, draw())
} finally {
  // Dropped first: that ends what still runs, which closing would wait for.
  await database.drop()
  await db.close()
}
