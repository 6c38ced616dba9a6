/**
 * Trains recipes on TESS and RAVDESS and tests them on what they have not heard: other recordings, words, speakers, corpora, noise.
 * usage: node --import tsx -C ser-source test/bench/robust/measure.ts --tess FOLDER --ravdess FOLDER --noise FOLDER
 *   [--recipes paper,robust] [--experiments] [--tasks a,b,c,d,e,f,g] [--seeds 1,2,3] [--cache .ser/robust] [--threads 2]
 *   [--json FILE] [--svg FILE]
 * What is finished is kept in the cache, so that a run that was ended goes on where it was.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadTensorflow } from '@ser/model'
import { drawTable } from './draw-table.ts'
import { EXPERIMENTS } from './experiments.ts'
import { TASKS } from './plan-fits.ts'
import { readBackgrounds } from './read-noises.ts'
import { readRecordings } from './read-recordings.ts'
import { RECIPES } from './recipes.ts'
import { runRecipes } from './run-recipes.ts'
import { summarise, tableLines } from './summarise-results.ts'

const { values: flags } = parseArgs({
  options: {
    tess: { type: 'string' },
    ravdess: { type: 'string' },
    noise: { type: 'string' },
    recipes: { type: 'string', default: RECIPES.map(({ name }) => name).join(',') },
    experiments: { type: 'boolean', default: false },
    tasks: { type: 'string', default: TASKS.join(',') },
    seeds: { type: 'string', default: '1,2,3' },
    cache: { type: 'string', default: join(import.meta.dirname, '../../../.ser/robust') },
    threads: { type: 'string', default: String(availableParallelism()) },
    json: { type: 'string' },
    svg: { type: 'string' },
  },
})
const { tess, ravdess, noise, cache, experiments } = flags
if (tess === undefined || ravdess === undefined || noise === undefined) {
  throw new Error('--tess, --ravdess and --noise name the folders of the corpora and of recordings of noise')
}

const corpora = { tess: await readRecordings(tess, 'tess'), ravdess: await readRecordings(ravdess, 'ravdess') }
say(`${corpora.tess.length} recordings of TESS, ${corpora.ravdess.length} of RAVDESS`)
const backgrounds = await readBackgrounds(noise, corpora.ravdess)
const { noise: trained } = backgrounds.training
say(`${trained.length} recordings of noise to train with, ${backgrounds.test.noise.length} to test with`)

const names = flags.recipes.split(',')
const recipes = experiments ? EXPERIMENTS : RECIPES.filter(({ name }) => names.includes(name))
const tasks = TASKS.filter((task) => flags.tasks.split(',').includes(task))
const seeds = flags.seeds.split(',').map(Number)
const threads = Number(flags.threads)
const { tf } = await loadTensorflow({ threads })
await mkdir(cache, { recursive: true })
const results = await runRecipes(recipes, seeds, tasks, {
  tf,
  corpora,
  backgrounds,
  cacheFolder: cache,
  resultsFile: join(cache, 'results.jsonl'),
  threads,
  say,
})
const rows = summarise(results)
const columns = recipes.map(({ name }) => name)
say(tableLines(rows, columns).join('\n'))
const what = experiments ? 'experiments' : 'table'
const document = { date: new Date().toISOString(), seeds, tasks, recipes, rows }
await writeFile(flags.json ?? join(cache, `${what}.json`), `${JSON.stringify(document, null, 2)}\n`)
await writeFile(flags.svg ?? join(cache, `${what}.svg`), drawTable(rows, columns))

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
