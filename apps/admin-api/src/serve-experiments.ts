import { comparisonSchema, experimentSchema, idSchema, nameSchema, runSummarySchema, SerError } from '@ser/contracts'
import { addToExperiment, getRunSummary, listExperimentRuns, listExperiments, type Database } from '@ser/database'
import { renderComparison } from '@ser/report'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ApiDeps } from './api-deps.ts'
import { compareRuns } from './compare-runs.ts'
import { content, problems, SECURED } from './response-schemas.ts'

/** Runs that are laid side by side at most. */
const RUNS_AT_MOST = 200

const nameParams = z.object({ name: nameSchema })
/** `?runs=ID,ID` */
const runsQuery = z.strictObject({
  runs: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(idSchema).min(1).max(RUNS_AT_MOST))
    .describe('ids of runs, separated by commas'),
})
const page = { 200: content('text/html', z.string(), 'The page.'), ...problems(400, 404) }
const compared = { 200: comparisonSchema, ...problems(400, 404) }
const about = { tags: ['experiments'], security: SECURED }

/** Runs that belong together, and runs side by side. */
export function serveExperiments({ db }: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/experiments',
      {
        schema: {
          ...about,
          operationId: 'listExperiments',
          summary: 'Experiments, the one that was added to last first, 200 at most',
          response: { 200: z.object({ items: z.array(experimentSchema) }), ...problems() },
        },
      },
      async () => ({ items: await listExperiments(db, 200) }),
    )
    app.put(
      '/experiments/:name/runs/:id',
      {
        schema: {
          ...about,
          operationId: 'addRunToExperiment',
          summary: 'Make a run part of an experiment; twice is once',
          params: nameParams.extend({ id: idSchema }),
          response: { 200: runSummarySchema, ...problems(400, 404) },
        },
      },
      async ({ params }) => {
        await addToExperiment(db, params.name, params.id)
        return getRunSummary(db, params.id)
      },
    )
    const named = { ...about, params: nameParams }
    app.get(
      '/experiments/:name/comparison',
      {
        schema: {
          ...named,
          operationId: 'compareExperiment',
          summary: 'The runs of an experiment side by side: figures over seeds, folds pooled, groups two by two',
          response: compared,
        },
      },
      async ({ params }) => (await compareRuns(db, await runsOf(db, params.name))).comparison,
    )
    app.get(
      '/experiments/:name/report',
      {
        schema: {
          ...named,
          operationId: 'getExperimentReport',
          summary: 'The same as one self-contained HTML page, with curves and confusion matrices',
          response: page,
        },
      },
      async ({ params }, reply) => {
        const ids = await runsOf(db, params.name)
        return reply.header('content-type', HTML).send(await renderRuns(db, ids, `Experiment ${params.name}`))
      },
    )
    await app.register(serveComparisons(db))
  }
}

function serveComparisons(db: Database): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/comparisons',
      {
        schema: {
          ...about,
          operationId: 'compareRuns',
          summary: 'Any runs side by side: figures over seeds, folds pooled, groups two by two',
          querystring: runsQuery,
          response: compared,
        },
      },
      async ({ query }) => (await compareRuns(db, query.runs)).comparison,
    )
    app.get(
      '/comparisons/report',
      {
        schema: {
          ...about,
          operationId: 'getComparisonReport',
          summary: 'The same as one self-contained HTML page, with curves and confusion matrices',
          querystring: runsQuery,
          response: page,
        },
      },
      async ({ query }, reply) =>
        reply.header('content-type', HTML).send(await renderRuns(db, query.runs, 'Runs side by side')),
    )
  }
}

const HTML = 'text/html; charset=utf-8'

async function runsOf(db: Database, name: string): Promise<string[]> {
  const ids = await listExperimentRuns(db, name, RUNS_AT_MOST)
  if (ids.length > 0) return ids
  const message = `there is no experiment ${name}`
  throw new SerError('EXPERIMENT_NOT_FOUND', message, { kind: 'gone', ids: { experiment: name } })
}

async function renderRuns(db: Database, ids: readonly string[], title: string): Promise<string> {
  const { groups, comparison } = await compareRuns(db, ids)
  const generatedAt = new Date().toISOString().slice(0, 10)
  return renderComparison(groups, { title, pairs: comparison.pairs, generatedAt })
}
