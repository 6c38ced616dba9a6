import { runSchema, runSpecHash, runSummarySchema, type Run, type RunSpec, type RunSummary } from '@ser/contracts'
import { percent } from '@ser/report/text'
import { z } from 'zod'
import type { CommandContext } from './command-context.ts'
import { watchRun } from './watch-run.ts'

export type EnsuredRun = {
  readonly run: Pick<Run, 'id' | 'spec'>
  /** It was there already: completed, or on its way. */
  readonly reused: boolean
}

const runsPage = z.object({ items: z.array(runSummarySchema) })

/**
 * A run of this spec as a part of the experiment. One that has completed, or is on its way, is taken as it is: the same spec gives the
 * same numbers.
 */
export async function ensureRun({ client }: CommandContext, spec: RunSpec, experiment: string): Promise<EnsuredRun> {
  const query = { specHash: runSpecHash(spec), limit: 200 }
  const { items } = await client.get('/v1/runs', runsPage, query)
  const inState = (...states: RunSummary['status'][]) => items.find(({ status }) => states.includes(status))
  const found = inState('completed') ?? inState('running') ?? inState('queued')
  if (found === undefined) {
    const path = `/v1/runs?experiment=${encodeURIComponent(experiment)}`
    return { run: await client.post(path, runSchema, { json: spec }), reused: false }
  }
  await client.open(`/v1/experiments/${encodeURIComponent(experiment)}/runs/${found.id}`, { method: 'PUT' })
  return { run: found, reused: true }
}

/** Stays until a run has ended, and says how. */
export async function awaitRun(context: CommandContext, { run, reused }: EnsuredRun, name: string): Promise<Run> {
  const { client, terminal } = context
  const now = await client.get(`/v1/runs/${run.id}`, runSchema)
  const hasEnded = now.status !== 'queued' && now.status !== 'running'
  if (!hasEnded) terminal.say(`${name}:`)
  const ended = hasEnded ? now : await watchRun(context, run)
  const { status, evaluation, error } = ended
  const figures = evaluation === null ? (error?.message ?? '') : `accuracy ${percent(evaluation.accuracy, 2)}`
  terminal.say(`${name}${hasEnded && reused ? ': trained before' : ''}, ${status}, ${figures}`)
  return ended
}
