/**
 * Writes and reads vectors of float32 in the ways that Postgres offers, beside what the pipeline does (`upsertVectors`, `readVectors`).
 *
 *   node --import tsx -C ser-source test/bench/vectors/measure.ts [--vectors 100000] [--length 170] [--json FILE]
 *
 * Needs `npm run up`. Runs on a database of its own and drops it at the end.
 */
import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import {
  createDatabase,
  ensureDataset,
  ensureFeatureSet,
  readVectors,
  registerDatasetClips,
  upsertClips,
  upsertVectors,
} from '@ser/database'
import { featureSpecSchema } from '@ser/contracts'
import { clipRow, datasetClipRow, hashOf } from '../../integration/io/sample-rows.ts'
import { createTestDatabase } from '../../support/index.ts'
import { createWays } from './ways.ts'

const BATCH = 256
const { values: options } = parseArgs({
  options: {
    vectors: { type: 'string', default: '100000' },
    length: { type: 'string', default: '170' },
    json: { type: 'string' },
  },
})
const count = Number(options.vectors)
const length = Number(options.length)
const say = (line: string) => process.stdout.write(`${line}\n`)

const database = await createTestDatabase()
const db = createDatabase({ url: database.url, maxConnections: 2 })
const rows = Array.from({ length: count }, (_, index) => ({
  sha256: hashOf(`vector ${index}`),
  values: Float32Array.from({ length }, (__, value) => Math.sin(index * 31 + value) * 100),
}))
const batches = Array.from({ length: Math.ceil(count / BATCH) }, (_, batch) =>
  rows.slice(batch * BATCH, (batch + 1) * BATCH),
)
const figures: { way: string; seconds: number; processorSeconds: number; perSecond: number; mebibytes?: number }[] = []

async function measure(way: string, work: () => Promise<unknown>, table?: string): Promise<void> {
  const before = process.cpuUsage()
  const start = performance.now()
  await work()
  const seconds = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(before)
  const mebibytes = table === undefined ? undefined : await sizeOf(table)
  const size = mebibytes === undefined ? {} : { mebibytes }
  figures.push({ way, seconds, processorSeconds: (user + system) / 1e6, perSecond: count / seconds, ...size })
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

try {
  say(`${count} vectors of ${length} float32, ${availableParallelism()} cores, Node ${process.versions.node}`)
  for (const way of await createWays(db)) {
    await measure(`write ${way.name}`, () => way.write(rows, batches), way.table)
    await db.query(`vacuum analyze ${way.table}`)
    await measure(`read ${way.name}`, () => way.read(count, length))
  }
  const featureSet = await ensureFeatureSet(db, featureSpecSchema.parse({}), 'bench')
  const datasetId = await ensureDataset(db, 'bench')
  for (const batch of batches) {
    await upsertClips(
      db,
      batch.map(({ sha256 }) => clipRow(sha256)),
    )
    await registerDatasetClips(
      db,
      datasetId,
      batch.map(({ sha256 }) => datasetClipRow(`${sha256}.wav`, sha256)),
    )
  }
  const store = async () => {
    for (const batch of batches) await upsertVectors(db, featureSet.rowId, batch)
  }
  await measure('write upsertVectors, 256 a statement', store, 'feature_vectors')
  await db.query('vacuum analyze')
  const selection = { datasets: ['bench'], featureSet: featureSet.rowId, length }
  for (const turn of ['first', 'second']) {
    await measure(`read readVectors, ${turn} time`, async () => {
      const table = await readVectors(db, selection)
      if (table.clips.length !== count) throw new Error(`${table.clips.length} vectors instead of ${count}`)
    })
  }
} finally {
  await db.close()
  await database.drop()
}

for (const { way, seconds, processorSeconds, perSecond, mebibytes } of figures) {
  const size = mebibytes === undefined ? '' : `${mebibytes.toFixed(0)} MiB`
  say(
    `${way.padEnd(44)} ${seconds.toFixed(2).padStart(7)} s ${processorSeconds.toFixed(2).padStart(7)} s here ${perSecond.toFixed(0).padStart(8)} a second ${size}`,
  )
}
if (options.json !== undefined)
  await writeFile(options.json, `${JSON.stringify({ count, length, figures }, null, 2)}\n`)
