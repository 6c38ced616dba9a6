/**
 * How long the real API takes to say the emotion of a clip of two seconds, for one client and for four; how many clips a second it takes
 * in batches; how long a long recording takes; and where the time goes. The model is the paper's network, untrained: weights change no time.
 *
 *   node --import tsx -C ser-source test/bench/predict/measure.ts [--requests 400] [--minutes 60] [--json FILE] [--svg FILE]
 *
 * Needs `npm run up` and `npm run build`. Runs on a database and bucket of its own and drops them at the end.
 */
import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { encodeWav } from '@ser/audio'
import { predictionBatchSchema, predictionSchema } from '@ser/contracts'
import { resolveModelVersion } from '@ser/database'
import { hum, readMetric, send, sendForm } from '../../integration/api/predict-requests.ts'
import { completeWithModel, seedRun } from '../../integration/api/seed-rows.ts'
import { startApi } from '../../integration/api/start-api.ts'
import { drawBars } from '../kernels/draw-bars.ts'

const { values: flags } = parseArgs({
  options: {
    requests: { type: 'string', default: '400' },
    minutes: { type: 'string', default: '60' },
    json: { type: 'string' },
    svg: { type: 'string' },
  },
})
const requests = Number(flags.requests)
const BATCH = 32
const STAGES = ['decode', 'features', 'model'] as const
const sampleRate = 24_414
const samples = Float32Array.from(
  { length: 2 * sampleRate },
  (_, at) => 0.3 * Math.sin(at / 17 + 3 * Math.sin(at / 2500)),
)
const clip = encodeWav({ samples, sampleRate })
const say = (line: string) => process.stdout.write(`${line}\n`)

type Latency = { readonly clients: number; readonly p50: number; readonly p99: number; readonly clipsPerSecond: number }

const api = await startApi()
try {
  const units = { lstmUnits: [128, 128], denseUnits: 32 }
  await completeWithModel(api.db, api.storage, await seedRun(api.db, 1), 'paper', 1, units)
  // Loads the model and compiles what is hot.
  await measureLatency(1, 50)
  const before = await readStages()
  const latencies = [await measureLatency(1, requests), await measureLatency(4, requests)]
  const after = await readStages()
  const stages = STAGES.map((stage, index) => ({ stage, ms: ((after[index] - before[index]) * 1000) / (2 * requests) }))
  const batch = await measureBatches(Math.max(2, Math.round(requests / BATCH)))
  const lookup = await measureLookup()
  const long = await measureLong(Number(flags.minutes) * 60)

  say(
    `Node ${process.versions.node}, ${availableParallelism()} cores; a clip of 2 s (16 bits, 24414 Hz), the paper's network`,
  )
  for (const { clients, p50, p99, clipsPerSecond } of latencies)
    say(`${clients} at once: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, ${clipsPerSecond.toFixed(0)} clips/s`)
  say(`batches of ${BATCH}: ${batch.toFixed(0)} clips/s`)
  say(`in the thread, a clip: ${stages.map(({ stage, ms }) => `${stage} ${ms.toFixed(2)} ms`).join(', ')}`)
  say(`the look-up of the champion: ${lookup.toFixed(2)} ms (median)`)
  say(
    `${flags.minutes} minutes as ${long.windows} windows: ${long.seconds.toFixed(1)} s, ${long.grownMebibytes.toFixed(0)} MiB more memory`,
  )
  if (flags.json !== undefined)
    await writeFile(flags.json, `${JSON.stringify({ latencies, batch, stages, lookup, long }, null, 2)}\n`)
  if (flags.svg !== undefined) await writeFile(flags.svg, draw(latencies, stages, lookup, batch))
} finally {
  await api.close()
}

async function measureLatency(clients: number, count: number): Promise<Latency> {
  const times: number[] = []
  const start = performance.now()
  const client = async (): Promise<void> => {
    for (let done = 0; done < count / clients; done += 1) {
      const sent = performance.now()
      const response = await send(api, clip)
      predictionSchema.parse(await response.json())
      times.push(performance.now() - sent)
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  const clipsPerSecond = (times.length * 1000) / (performance.now() - start)
  return { clients, p50: quantile(times, 0.5), p99: quantile(times, 0.99), clipsPerSecond }
}

async function measureBatches(count: number): Promise<number> {
  const files = Array.from({ length: BATCH }, (_, index) => [`${index}.wav`, clip] as const)
  const start = performance.now()
  for (let done = 0; done < count; done += 1) {
    const response = await sendForm(api, '/v1/predictions/batch', files)
    predictionBatchSchema.parse(await response.json())
  }
  return (count * BATCH * 1000) / (performance.now() - start)
}

async function measureLookup(): Promise<number> {
  const times: number[] = []
  for (let count = 0; count < 200; count += 1) {
    const start = performance.now()
    await resolveModelVersion(api.db, {})
    times.push(performance.now() - start)
  }
  return quantile(times, 0.5)
}

async function measureLong(seconds: number) {
  const bytes = hum(seconds)
  const before = await readMetric(api, 'process_resident_memory_bytes')
  const start = performance.now()
  const { timeline } = predictionSchema.parse(await (await send(api, bytes)).json())
  const took = (performance.now() - start) / 1000
  const grown = (await readMetric(api, 'process_resident_memory_bytes')) - before
  return { seconds: took, windows: timeline?.windows.length ?? 0, grownMebibytes: grown / 2 ** 20 }
}

function readStages(): Promise<number[]> {
  return Promise.all(STAGES.map((stage) => readMetric(api, 'ser_prediction_stage_seconds_total', `stage="${stage}"`)))
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
}

function draw(
  latencies: readonly Latency[],
  stages: readonly { readonly stage: string; readonly ms: number }[],
  lookup: number,
  batch: number,
): string {
  return drawBars([
    {
      title: 'A clip of 2 s through the API',
      bars: [
        ...latencies.flatMap(({ clients, p50, p99 }) => [
          bar(`${clients} at once, p50`, p50),
          bar(`${clients} at once, p99`, p99),
        ]),
        bar(`in batches of ${BATCH}, each`, 1000 / batch),
      ],
    },
    {
      title: 'Where it goes',
      bars: [...stages.map(({ stage, ms }) => bar(stage, ms)), bar('look-up of the champion', lookup)],
    },
  ])
}

function bar(name: string, milliseconds: number) {
  return { name, milliseconds, ours: true }
}
