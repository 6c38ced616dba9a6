import {
  clipSchema,
  datasetSchema,
  featureRanges,
  featureSetSchema,
  queueCountsSchema,
  rejectionSchema,
  runSchema,
  runSummarySchema,
  type FeatureSpec,
  type QueueCounts,
  type RunSummary,
  totalEpochs,
} from '@ser/contracts'
import { percent } from '@ser/report/text'
import { z } from 'zod'
import { EXIT } from './cli-error.ts'
import type { CommandContext } from './command-context.ts'
import { reportRun } from './report-run.ts'
import { printResult, renderTable } from './terminal.ts'

type PageOptions = { readonly limit?: number; readonly cursor?: string }

export type ClipOptions = PageOptions & {
  readonly dataset?: string
  readonly label?: string
  readonly speaker?: string
}

export type RejectionOptions = PageOptions & { readonly dataset?: string }

export type RunListOptions = PageOptions & { readonly status?: string; readonly experiment?: string }

const listOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) })
const pageOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), nextCursor: z.string().nullable() })

type Row = readonly (string | number | null)[]

async function showPage<Item extends z.ZodType>(
  { client, terminal }: CommandContext,
  path: string,
  view: { readonly item: Item; readonly head: readonly string[]; readonly row: (item: z.output<Item>) => Row },
  query: Readonly<Record<string, string | number | undefined>>,
): Promise<number> {
  const page = await client.get(path, pageOf(view.item), query)
  printResult(terminal, page, ({ items, nextCursor }) => [
    ...renderTable(
      view.head,
      items.map((item) => view.row(item)),
    ),
    ...(nextCursor === null ? [] : [`more: --cursor ${nextCursor}`]),
  ])
  return EXIT.ok
}

export function listClips(context: CommandContext, options: ClipOptions): Promise<number> {
  const head = ['dataset', 'path', 'label', 'speaker', 'word', 'seconds', 'Hz', 'sha256']
  const query = { dataset: options.dataset, label: options.label, speaker: options.speaker, ...paging(options) }
  return showPage(
    context,
    '/v1/clips',
    {
      item: clipSchema,
      head,
      row: (clip) => [
        clip.dataset,
        clip.path,
        clip.label,
        clip.speaker,
        clip.word,
        Number(clip.seconds.toFixed(2)),
        clip.sampleRate,
        clip.sha256.slice(0, 12),
      ],
    },
    query,
  )
}

export function listRejections(context: CommandContext, options: RejectionOptions): Promise<number> {
  return showPage(
    context,
    '/v1/rejections',
    {
      item: rejectionSchema,
      head: ['dataset', 'path', 'stage', 'code', 'reason'],
      row: (rejection) => [rejection.dataset, rejection.path, rejection.stage, rejection.code, rejection.message],
    },
    { dataset: options.dataset, ...paging(options) },
  )
}

export function listRuns(context: CommandContext, options: RunListOptions): Promise<number> {
  return showPage(
    context,
    '/v1/runs',
    {
      item: runSummarySchema,
      head: ['run', 'status', 'model', 'datasets', 'features', 'epochs', 'accuracy', 'UAR', 'created'],
      row: runRow,
    },
    { status: options.status, experiment: options.experiment, ...paging(options) },
  )
}

function runRow(run: RunSummary): Row {
  return [
    run.id,
    run.status,
    run.version === null ? run.spec.model : `${run.version.model}@${run.version.version}`,
    run.spec.datasets.join('+'),
    run.spec.features.join('+'),
    `${run.epochsDone}/${totalEpochs(run.spec)}`,
    run.evaluation === null ? null : percent(run.evaluation.accuracy),
    run.evaluation === null ? null : percent(run.evaluation.uar),
    run.createdAt.slice(0, 16).replace('T', ' '),
  ]
}

export async function showRun({ client, terminal }: CommandContext, id: string): Promise<number> {
  reportRun(terminal, await client.get(`/v1/runs/${encodeURIComponent(id)}`, runSchema))
  return EXIT.ok
}

export async function listDatasets({ client, terminal }: CommandContext): Promise<number> {
  const datasets = await client.get('/v1/datasets', listOf(datasetSchema))
  printResult(terminal, datasets, ({ items }) =>
    renderTable(
      ['dataset', 'clips', 'rejected'],
      items.map(({ name, clips, rejected }) => [name, clips, rejected]),
    ),
  )
  return EXIT.ok
}

export async function listFeatureSets({ client, terminal }: CommandContext): Promise<number> {
  const sets = await client.get('/v1/feature-sets', listOf(featureSetSchema))
  printResult(terminal, sets, ({ items }) =>
    renderTable(
      ['feature set', 'extractor', 'Hz', 'groups', 'vectors'],
      items.map(({ id, extractor, spec, vectors }) => [
        id.slice(0, 12),
        extractor,
        spec.sampleRate,
        describeGroups(spec),
        vectors,
      ]),
    ),
  )
  return EXIT.ok
}

/** `mel 128, mfcc 40, zcr 1, rms 1` */
function describeGroups(spec: FeatureSpec): string {
  return Object.entries(featureRanges(spec))
    .map(([group, [start, end]]) => `${group} ${end - start}`)
    .join(', ')
}

export async function listQueues({ client, terminal }: CommandContext): Promise<number> {
  printResult(terminal, await client.get('/v1/queues', listOf(queueCountsSchema)), ({ items }) => renderQueues(items))
  return EXIT.ok
}

/** Queues as a table. */
export function renderQueues(queues: readonly QueueCounts[]): string[] {
  const head = ['queue', 'state', 'waiting', 'active', 'delayed', 'completed', 'failed']
  return renderTable(
    head,
    queues.map((queue) => [
      queue.name,
      queue.paused ? 'paused' : 'running',
      queue.waiting,
      queue.active,
      queue.delayed,
      queue.completed,
      queue.failed,
    ]),
  )
}

function paging({ limit, cursor }: PageOptions) {
  return { limit, cursor }
}
