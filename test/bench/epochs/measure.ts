/**
 * Seconds an epoch of the paper's model, ours and Keras' on the same values: the same layers, batch size and optimizer, all with
 * the test side measured within the epoch. They take turns, an epoch each; what is printed is the median, and that of the ratios.
 * usage: node --import tsx -C ser-source test/bench/epochs/measure.ts
 *   [--rounds 15] [--warmup 3] [--steps-rounds 5 (also of frames)] [--threads 2] [--python PYTHON] [--json FILE] [--svg FILE]
 * Without --python an environment with Keras is made in .ser/keras; where pip cannot, Keras is left out and the output says so.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { drawEpochs, type LayoutTimes } from './draw-epochs.ts'
import { prepareKeras } from './prepare-keras.ts'
import { startTrainer, type EpochTime, type Trainer } from './start-trainer.ts'

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    'steps-rounds': { type: 'string', default: '5' },
    warmup: { type: 'string', default: '3' },
    threads: { type: 'string', default: '2' },
    python: { type: 'string' },
    json: { type: 'string' },
    svg: { type: 'string' },
  },
})
const LAYOUTS = [
  { layout: 'one-step', rounds: Number(flags.rounds), warmup: Number(flags.warmup) },
  { layout: 'steps', rounds: Number(flags['steps-rounds']), warmup: 1 },
  { layout: 'frames', rounds: Number(flags['steps-rounds']), warmup: 1 },
] as const
/** Two seconds of sound are 87 frames, all of which the layout `frames` sees. */
const SIZES = { train: 2100, test: 700, features: 170, classes: 7, batch: 256, frames: 87 }
const workFolder = join(import.meta.dirname, '../../../.ser')
await mkdir(workFolder, { recursive: true })

const keras = flags.python ?? (await prepareKeras(join(workFolder, 'keras'), say))
const folder = await mkdtemp(join(tmpdir(), 'epochs-'))
const results: LayoutTimes[] = []
try {
  for (const setting of LAYOUTS) {
    await writeValues(setting.layout === 'frames' ? SIZES.frames : 1)
    results.push(await measureLayout(setting))
  }
} finally {
  await rm(folder, { recursive: true })
}

const machine = `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, Node ${process.version}`
const load = loadavg()[0].toFixed(1)
say(`${machine}; load ${load}; ${SIZES.train} x ${SIZES.features}, test ${SIZES.test}, batch ${SIZES.batch}`)
say('layout    who    seconds an epoch  of processor time  least  peak MiB  of Keras')
for (const { layout, ways } of results) {
  for (const { who, times } of ways) {
    const { seconds, cpuSeconds, least, peakMib } = summarise(times)
    const figures = [seconds.padStart(16), cpuSeconds.padStart(18), least.padStart(6), peakMib.padStart(9)].join(' ')
    say(`${layout.padEnd(9)} ${who.padEnd(6)} ${figures} ${ratioToKeras(times, ways)}`)
  }
}
const document = { machine, load: Number(load), sizes: SIZES, results }
await writeFile(flags.json ?? join(workFolder, 'epochs.json'), `${JSON.stringify(document, null, 2)}\n`)
await writeFile(flags.svg ?? join(workFolder, 'epochs.svg'), drawEpochs(results, median))

async function measureLayout(setting: (typeof LAYOUTS)[number]): Promise<LayoutTimes> {
  const { layout, rounds, warmup } = setting
  const sizes = Object.values(SIZES).map(String)
  const [ours, theirs] = ['train-ours.ts', 'train_keras.py'].map((name) => join(import.meta.dirname, name))
  const flagsOfNode = ['--import', 'tsx', '-C', 'ser-source', ours, folder, layout, ...sizes, flags.threads]
  const trainers: { who: 'ser' | 'Keras'; trainer: Trainer; times: EpochTime[] }[] = []
  try {
    const own = await startTrainer(process.execPath, flagsOfNode)
    trainers.push({ who: 'ser', trainer: own, times: [] })
    if (keras !== undefined) {
      trainers.push({ who: 'Keras', trainer: await startTrainer(keras, [theirs, folder, layout, ...sizes]), times: [] })
    }
    for (let round = -warmup; round < rounds; round++) {
      for (const { trainer, times } of trainers) {
        const time = await trainer.trainEpoch()
        if (round >= 0) times.push(time)
      }
    }
  } finally {
    await Promise.all(trainers.map(({ trainer }) => trainer.close()))
  }
  return { layout, ways: trainers.map(({ who, trainer, times }) => ({ who, version: trainer.version, times })) }
}

/** What is trained on does not change the time; it is of the size that features have after standardisation. */
async function writeValues(rows: number): Promise<void> {
  const count = SIZES.train + SIZES.test
  const vectors = Float32Array.from({ length: count * rows * SIZES.features }, (_, index) =>
    Math.sin((index * (index % 4093)) % 1000),
  )
  await writeFile(join(folder, 'vectors'), new Uint8Array(vectors.buffer))
  await writeFile(
    join(folder, 'labels'),
    Uint8Array.from({ length: count }, (_, index) => index % SIZES.classes),
  )
}

function summarise(times: readonly EpochTime[]) {
  const seconds = times.map((time) => time.seconds)
  return {
    seconds: median(seconds).toFixed(3),
    cpuSeconds: median(times.map((time) => time.cpuSeconds)).toFixed(3),
    least: Math.min(...seconds).toFixed(3),
    peakMib: (Math.max(...times.map(({ peakBytes }) => peakBytes)) / 2 ** 20).toFixed(0),
  }
}

/** The median of the ratios of epochs that followed each other, which a machine that changes its pace changes least. */
function ratioToKeras(times: readonly EpochTime[], ways: LayoutTimes['ways']): string {
  const theirs = ways.find(({ who }) => who === 'Keras')?.times
  if (theirs === undefined || theirs === times) return ''
  return median(times.map(({ seconds }, round) => seconds / theirs[round].seconds))
    .toFixed(2)
    .padStart(9)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
