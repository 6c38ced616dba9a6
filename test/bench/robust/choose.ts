/**
 * Chooses among the candidates for `robust` without looking at the speaker, the corpus or the noise that they are tested with.
 * usage: node --import tsx -C ser-source test/bench/robust/choose.ts --tess FOLDER --ravdess FOLDER --noise FOLDER
 *   [--candidates 'robust,robust: weights 1 : 2'] [--seeds 1,2,3] [--cache .ser/robust] [--threads 2]
 * What is finished is kept in the cache, so that a run that was ended goes on where it was.
 */
import { parseArgs } from 'node:util'
import { CANDIDATES } from './candidates.ts'
import { BENCH_OPTIONS, openBench } from './open-bench.ts'
import { planInnerFits } from './plan-fits.ts'
import { RECIPES } from './recipes.ts'
import { runRecipes } from './run-recipes.ts'
import { scoreCandidates, scoreLines } from './score-candidates.ts'

const { values: flags } = parseArgs({ options: { ...BENCH_OPTIONS, candidates: { type: 'string' } } })
const { seeds, options } = await openBench(flags)
const all = [...RECIPES.filter(({ name }) => name === 'robust'), ...CANDIDATES]
const names = flags.candidates?.split(',') ?? all.map(({ name }) => name)
const recipes = all.filter(({ name }) => names.includes(name))
const results = await runRecipes(recipes, seeds, (seed) => planInnerFits(options.corpora, seed), options)
for (const line of scoreLines(scoreCandidates(results))) options.say(line)
