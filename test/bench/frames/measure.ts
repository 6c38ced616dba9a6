/**
 * The mean vector against every frame, on the same splits of TESS: real servers and workers of its own, one seed.
 *
 *   TESS_DIR=... node --import tsx -C ser-source test/bench/frames/measure.ts [--epochs 15] [--mean-epochs 50] [--folder .ser/frames]
 *
 * Prints the table, and writes frames.json, frames.svg and a page of comparison for each split into the folder. Needs `npm run up`.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import {
  comparisonSchema,
  featureProgressSchema,
  ingestionSchema,
  runSchema,
  type Run,
  type RunSpecInput,
} from '@ser/contracts'
import { renderComparison } from '@ser/report'
import { z } from 'zod'
import { startPipeline } from '../../support/index.ts'
import { drawAccuracies } from './draw-accuracies.ts'

const { values: flags } = parseArgs({
  options: {
    epochs: { type: 'string', default: '15' },
    'mean-epochs': { type: 'string', default: '50' },
    folder: { type: 'string', default: '.ser/frames' },
  },
})
const tess = process.env['TESS_DIR']
if (tess === undefined) throw new Error('TESS_DIR names the folder of TESS')
const folder = resolve(flags.folder)
const SECONDS_A_RUN = 1800

const frames = { pooling: 'frames' } as const
const SPLITS = {
  'at random': { by: 'clip', test: 0.25 },
  'OAF to YAF': { by: 'speaker', test: ['YAF'] },
  'YAF to OAF': { by: 'speaker', test: ['OAF'] },
} as const satisfies Record<string, RunSpecInput['split']>
const KINDS: Record<string, Partial<RunSpecInput>> = {
  mean: { normalisation: 'standard', scale: 'decibel', epochs: Number(flags['mean-epochs']) },
  frames: {
    featureSet: frames,
    layout: 'frames',
    features: ['mfcc', 'zcr', 'rms'],
    lstmUnits: [64],
    pooling: 'attention',
    normalisation: 'standard',
    batchSize: 64,
    learningRate: 0.002,
    epochs: Number(flags.epochs),
  },
}

const pipeline = await startPipeline({ ingestRoots: [tess] })
try {
  const { client, start } = pipeline
  for (const app of ['ingest', 'feature-worker', 'trainer'] as const) start(app)
  const seconds = { mean: await ingest({}), frames: await ingest(frames) }
  const sizes = await measureSizes()
  say(`features of all recordings: mean ${seconds.mean.toFixed(1)} s, frames ${seconds.frames.toFixed(1)} s`)
  say(`a clip has ${sizes.frames.toFixed(1)} frames, stored in ${sizes.bytes.toFixed(0)} bytes`)
  await mkdir(folder, { recursive: true })
  const figures = []
  for (const [split, spec] of Object.entries(SPLITS)) {
    const runs: Run[] = []
    for (const [kind, fields] of Object.entries(KINDS)) {
      const run = await train({ ...fields, model: kind, datasets: ['tess'], split: spec })
      runs.push(run)
      figures.push({ split, kind, ...figuresOf(run) })
    }
    const comparison = await client.get(comparisonSchema, `/v1/comparisons?runs=${runs.map(({ id }) => id).join()}`)
    const groups = comparison.groups.map(({ name, runs: ids }) => ({
      name,
      runs: runs.filter(({ id }) => ids.includes(id)),
    }))
    const page = renderComparison(groups, { title: `Mean vector and frames, ${split}`, pairs: comparison.pairs })
    await writeFile(join(folder, `${split.replaceAll(' ', '-')}.html`), page)
    const [{ difference, clips, pValue }] = comparison.pairs
    const { value, low, high } = difference.accuracy
    const points = [value, low, high].map((share) => (100 * share).toFixed(1))
    say(`${split}: second less first ${points[0]} points (${points[1]} to ${points[2]}) of ${clips} clips, p ${pValue}`)
  }
  const report = { cores: availableParallelism(), node: process.versions.node, seconds, sizes, figures }
  await writeFile(join(folder, 'frames.json'), `${JSON.stringify(report, null, 2)}\n`)
  await writeFile(join(folder, 'frames.svg'), drawAccuracies(figures))
  say(`wrote ${folder}`)
} finally {
  await pipeline.close()
}

/** Takes TESS in for a feature set; gives the seconds until all its features are there. */
async function ingest(featureSet: RunSpecInput['featureSet']): Promise<number> {
  const { client } = pipeline
  const begin = performance.now()
  const source = { kind: 'folder', path: tess }
  const request = { dataset: 'tess', source, layout: { kind: 'tess' }, featureSet }
  const { id } = await client.post(ingestionSchema, '/v1/ingestions', request)
  const ended = await client.until(
    ingestionSchema,
    `/v1/ingestions/${id}`,
    ({ status }) => /completed|failed/.test(status),
    600,
  )
  if (ended.status === 'failed') throw new Error(`the ingestion failed: ${JSON.stringify(ended.error)}`)
  await client.until(
    z.object({ items: z.array(featureProgressSchema) }),
    '/v1/datasets/tess/progress',
    ({ items }) => items.every(({ clips, vectors, failed }) => clips > 0 && vectors + failed === clips),
    900,
  )
  return (performance.now() - begin) / 1000
}

async function measureSizes(): Promise<{ frames: number; bytes: number }> {
  const { rows } = await pipeline.db.query<{ frames: number; bytes: number }>(
    `select avg(frames)::float8 as frames, avg(octet_length(matrix))::float8 as bytes from feature_vectors where matrix is not null`,
  )
  return rows[0]
}

async function train(spec: RunSpecInput): Promise<Run> {
  const { client } = pipeline
  const { id } = await client.post(runSchema, '/v1/runs', spec)
  const run = await client.until(
    runSchema,
    `/v1/runs/${id}`,
    ({ status }) => /completed|failed/.test(status),
    SECONDS_A_RUN,
  )
  if (run.evaluation === null) throw new Error(`the run failed: ${JSON.stringify(run.error)}`)
  const { accuracy, uar } = run.evaluation
  say(
    `${describe(run)}: accuracy ${percent(accuracy)}, UAR ${percent(uar)}, ${figuresOf(run).secondsPerEpoch.toFixed(2)} s an epoch`,
  )
  return run
}

function figuresOf({ evaluation, epochs, peakMemoryBytes, snapshot }: Run) {
  const seconds = epochs.reduce((sum, epoch) => sum + epoch.seconds, 0)
  return {
    accuracy: evaluation?.accuracy ?? 0,
    uar: evaluation?.uar ?? 0,
    interval: evaluation?.intervals?.find(({ over }) => over === 'recordings')?.accuracy,
    epochs: epochs.length,
    secondsPerEpoch: seconds / epochs.length,
    peakMemoryMebibytes: (peakMemoryBytes ?? 0) / 2 ** 20,
    test: snapshot?.test,
  }
}

function describe({ spec: { model, split } }: Run): string {
  return `${model}, ${split.by === 'speaker' ? `tested on ${split.test.join()}` : 'at random'}`
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
