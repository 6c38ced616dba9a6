import { queueCountsSchema, reconcileReportSchema, STAGE_NAMES, type ReconcileReport } from '@ser/contracts'
import { z } from 'zod'
import { EXIT } from './cli-error.ts'
import type { CommandContext } from './command-context.ts'
import { renderQueues } from './list-resources.ts'
import { parseInput } from './parse-input.ts'
import { printResult } from './terminal.ts'

/** Pauses or resumes a queue, or tries its failed jobs anew. */
export async function controlQueue(
  { client, terminal }: CommandContext,
  action: 'pause' | 'resume' | 'retry',
  text: string,
): Promise<number> {
  const name = parseInput(z.enum(STAGE_NAMES), text)
  if (action === 'retry') {
    const result = await client.post(`/v1/queues/${name}/retry-failed`, z.object({ retried: z.int() }))
    printResult(terminal, result, ({ retried }) => [`${retried} jobs of ${name} are tried anew`])
  } else {
    const counts = await client.post(`/v1/queues/${name}/${action}`, queueCountsSchema)
    printResult(terminal, counts, (queue) => renderQueues([queue]))
  }
  return EXIT.ok
}

export type ReconcileOptions = {
  readonly dataset?: string
  /** True, or the code of the failures to try again. */
  readonly retryFailed?: string | true
}

/** Has the API find what the stages still owe, and enqueue it. */
export async function reconcileWork(
  { client, terminal }: CommandContext,
  { dataset, retryFailed }: ReconcileOptions,
): Promise<number> {
  const json = {
    ...(dataset === undefined ? {} : { dataset }),
    ...(retryFailed === undefined ? {} : { retryFailed: true }),
    ...(typeof retryFailed === 'string' ? { code: retryFailed } : {}),
  }
  const report = await client.post('/v1/reconcile', reconcileReportSchema, { json })
  printResult(terminal, report, renderReport)
  return EXIT.ok
}

function renderReport(report: ReconcileReport): string[] {
  const { clipsOwing, featureJobs, parentsOwing, augmentJobs, ingestions, runs, evaluations } = report
  const forgotten = report.failuresForgotten
  return [
    ...(forgotten === undefined ? [] : [`${forgotten} clips that failed are tried again`]),
    `${clipsOwing} clips owed a vector: ${featureJobs} jobs`,
    `${parentsOwing} clips owed variants: ${augmentJobs} jobs`,
    `${ingestions} ingestions, ${runs} runs and ${evaluations} stress evaluations were put back`,
  ]
}
