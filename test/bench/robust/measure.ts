/**
 * Trains recipes on TESS and RAVDESS and tests them on what they have not heard: other recordings, words, speakers, corpora, noise.
 * usage: node --import tsx -C ser-source test/bench/robust/measure.ts --tess FOLDER --ravdess FOLDER --noise FOLDER
 *   [--recipes paper,robust, or candidates of choose.ts] [--tasks a,b,c,d,e,f,g] [--seeds 1,2,3] [--cache .ser/robust] [--threads 2]
 *   [--json FILE] [--svg FILE]
 * What is finished is kept in the cache, so that a run that was ended goes on where it was.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { drawTable } from './draw-table.ts'
import { CANDIDATES } from './candidates.ts'
import { BENCH_OPTIONS, openBench } from './open-bench.ts'
import { planFits, TASKS } from './plan-fits.ts'
import { RECIPES } from './recipes.ts'
import { runRecipes } from './run-recipes.ts'
import { summarise, tableLines } from './summarise-results.ts'

const { values: flags } = parseArgs({
  options: {
    ...BENCH_OPTIONS,
    recipes: { type: 'string', default: RECIPES.map(({ name }) => name).join(',') },
    tasks: { type: 'string', default: TASKS.join(',') },
    json: { type: 'string' },
    svg: { type: 'string' },
  },
})
const { seeds, options } = await openBench(flags)
const names = flags.recipes.split(',')
const recipes = [...RECIPES, ...CANDIDATES].filter(({ name }) => names.includes(name))
const tasks = TASKS.filter((task) => flags.tasks.split(',').includes(task))
const results = await runRecipes(recipes, seeds, (seed) => planFits(options.corpora, seed, tasks), options)
const rows = summarise(results)
const columns = recipes.map(({ name }) => name)
options.say(tableLines(rows, columns).join('\n'))
const document = { date: new Date().toISOString(), seeds, tasks, recipes, rows }
await writeFile(flags.json ?? join(flags.cache, 'table.json'), `${JSON.stringify(document, null, 2)}\n`)
await writeFile(flags.svg ?? join(flags.cache, 'table.svg'), drawTable(rows, columns))
