/**
 * What would give the paper's scenario 4 (169 features, clean and noise-injected recordings together) its 14 to 16 %, mostly "disgust"?
 * Trains the paper's model right and with one slip each, and prints what comes of it.
 *
 *   node --import tsx -C ser-source test/bench/scenario-4/measure.ts FOLDER_OF_TESS [--seeds 1,2,3] [--ways a,b1,...] [--epochs 50]
 *     [--layout one-step|steps] [--json FILE] [--picture FILE.svg] [--panels a,b1,...]
 *
 * Needs no services. Vectors are kept in the temporary folder.
 */
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { EMOTIONS } from '@ser/contracts'
import { loadTensorflow } from '@ser/model'
import { confusionTable } from '@ser/report'
import { drawConfusions } from './draw-confusions.ts'
import { listRecordings, prepareVectors } from './prepare-vectors.ts'
import { createRunner, type Outcome } from './run-way.ts'
import { NOISES, WAYS } from './ways.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '1,2,3' },
    ways: { type: 'string', default: WAYS.map(({ id }) => id).join(',') },
    epochs: { type: 'string', default: '50' },
    layout: { type: 'string', default: 'one-step' },
    json: { type: 'string' },
    picture: { type: 'string' },
    panels: { type: 'string', default: 'a,b1,b4,c2,d3,e' },
  },
})
const [folder] = positionals
if (folder === undefined) throw new Error('usage: measure.ts FOLDER_OF_TESS [--seeds 1,2,3] [--ways a,b1] ...')
const chosen = values.ways.split(',')
const ways = WAYS.filter(({ id }) => chosen.includes(id))
const seeds = values.seeds.split(',').map(Number)
const epochs = Number(values.epochs)
const layout = values.layout === 'steps' ? 'steps' : 'one-step'
const say = (line: string) => process.stdout.write(`${line}\n`)
const percent = (share: number) => `${(100 * share).toFixed(1)} %`

const recordings = await listRecordings(folder)
const corpus = {
  recordings,
  clean: await prepareVectors(recordings),
  noisy: {
    paper: await prepareVectors(recordings, NOISES.paper),
    loudest: await prepareVectors(recordings, NOISES.loudest),
    absolute: await prepareVectors(recordings, NOISES.absolute),
  },
}
say(`${recordings.length} recordings, ${layout}, ${epochs} epochs, seeds ${seeds.join(', ')}`)
for (const [name, { snrDb }] of Object.entries(corpus.noisy))
  say(`noise "${name}": ${snrDb.toFixed(1)} dB SNR on average`)

const { tf } = await loadTensorflow({ threads: 2 })
const outcomes = new Map<string, Outcome[]>(ways.map(({ id }) => [id, []]))
for (const seed of seeds) {
  const runner = createRunner(tf, corpus, { seed, epochs, layout })
  for (const way of ways) {
    const outcome = await runner.run(way)
    outcomes.get(way.id)?.push(outcome)
    const [share, name] = mostPredicted(outcome)
    say(
      `${way.id.padEnd(3)} seed ${seed}: ${percent(outcome.accuracy).padStart(7)} by its labels, ` +
        `${percent(outcome.trueAccuracy).padStart(7)} of what was said, ${percent(outcome.trainAccuracy)} in training; most predicted: ${name}, ${percent(share)} (${way.says})`,
    )
  }
  await runner.dispose()
}

const results = ways.map((way) => ({ ...way, outcomes: outcomes.get(way.id) ?? [] }))
say('')
say(
  '| way | what is done | accuracy by its labels, mean (range) | of what was said | most predicted class and its share, by seed |',
)
say('| --- | --- | --- | --- | --- |')
for (const { id, says, outcomes: of } of results) {
  const classes = of.map((outcome) => mostPredicted(outcome)).map(([share, name]) => `${name} ${percent(share)}`)
  say(
    `| ${id} | ${says} | ${range(of.map((each) => each.accuracy))} | ${range(of.map((each) => each.trueAccuracy))} | ${classes.join(', ')} |`,
  )
}
for (const { id, says, outcomes: of } of results) {
  say('')
  say(`${id}, ${says}, seed ${of[0].seed}`)
  for (const line of confusionTable({ labels: [...EMOTIONS], confusion: of[0].confusion }, { width: 100 })) say(line)
}

if (values.json !== undefined) {
  const noises = Object.fromEntries(Object.entries(corpus.noisy).map(([name, { snrDb }]) => [name, { snrDb }]))
  const machine = { node: process.versions.node, recordings: recordings.length, epochs, seeds, layout }
  await writeFile(values.json, `${JSON.stringify({ machine, noises, ways: results }, undefined, 2)}\n`)
}
if (values.picture !== undefined) {
  const shown = results.filter(({ id }) => values.panels.split(',').includes(id))
  const panels = shown.map(({ id, says, outcomes: [first] }) => ({
    title: `${id}: ${says}`,
    subtitle: `${percent(first.accuracy)}, seed ${first.seed}`,
    confusion: first.confusion,
  }))
  await writeFile(values.picture, drawConfusions(panels, EMOTIONS))
}

function mostPredicted({ predicted }: Outcome): [share: number, name: string] {
  const most = Math.max(...predicted)
  return [most / predicted.reduce((sum, count) => sum + count, 0), EMOTIONS[predicted.indexOf(most)]]
}

function range(shares: readonly number[]): string {
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length
  return `${percent(mean)} (${percent(Math.min(...shares))} to ${percent(Math.max(...shares))})`
}
