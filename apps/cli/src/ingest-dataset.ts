import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { ingestionSchema, ingestRequestSchema, type Layout, type PathLayout, type Source } from '@ser/contracts'
import { CliError, EXIT } from './cli-error.ts'
import type { CommandContext } from './command-context.ts'
import { parseInput } from './parse-input.ts'
import { printResult } from './terminal.ts'
import { readSet } from './read-set.ts'
import { reportIngestion } from './report-ingestion.ts'
import { watchIngestion } from './watch-ingestion.ts'

export type IngestOptions = {
  readonly dataset: string
  readonly layout?: PathLayout | 'unlabelled'
  readonly manifest?: string
  readonly onServer?: 'folder' | 'archive'
  /** A feature spec as JSON. */
  readonly set?: string
  /** Every frame of them. */
  readonly frames?: boolean
  readonly watch?: boolean
}

/** Asks for an ingestion; with `watch`, stays until its features are there too. */
export async function ingestDataset(context: CommandContext, source: string, options: IngestOptions): Promise<number> {
  const { client, terminal } = context
  const request = parseInput(ingestRequestSchema, {
    dataset: options.dataset,
    source: await readSource(source, options.onServer),
    layout: readLayout(options),
    ...readFeatureSet(options),
  })
  const ingestion = await client.post('/v1/ingestions', ingestionSchema, { json: request })
  if (options.watch !== true) {
    printResult(terminal, ingestion, () => [`ingestion ${ingestion.id}`, `watch it: npx ser watch ${ingestion.id}`])
    return EXIT.ok
  }
  terminal.say(`ingestion ${ingestion.id}`)
  return reportIngestion(terminal, await watchIngestion(context, ingestion.id))
}

/** `--frames` and a set that says so itself are the same feature set. */
export function readFeatureSet({ set, frames = false }: Pick<IngestOptions, 'set' | 'frames'>): {
  featureSet?: unknown
} {
  const given = set === undefined ? undefined : readSet(set)
  if (!frames) return given === undefined ? {} : { featureSet: given }
  return { featureSet: typeof given === 'object' ? { ...given, pooling: 'frames' } : { pooling: 'frames' } }
}

/** The labels' source; `--layout` and `--manifest` exclude each other. */
export function readLayout({ layout, manifest }: Pick<IngestOptions, 'layout' | 'manifest'>): Layout {
  if (manifest === undefined) return { kind: layout ?? 'tess' }
  if (layout === undefined) return { kind: 'manifest', path: manifest }
  throw new CliError(EXIT.usage, 'OPTION_INVALID', '--manifest names the labels already: leave --layout out')
}

/** `s3://bucket/prefix`, a folder or an archive. Paths are made absolute, because the ingest app has another working folder. */
export async function readSource(text: string, onServer?: 'folder' | 'archive'): Promise<Source> {
  const s3 = /^s3:\/\/([^/]+)\/?(.*)$/.exec(text)
  if (s3 !== null) return { kind: 's3', bucket: s3[1], prefix: s3[2] }
  if (onServer !== undefined) return { kind: onServer, path: text }
  const path = resolve(text)
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) {
    throw new CliError(
      EXIT.refused,
      'SOURCE_NOT_FOUND',
      `there is no ${path}; for a path of the machine that the ingest app runs on, add --on-server folder or --on-server archive`,
    )
  }
  return { kind: found.isDirectory() ? 'folder' : 'archive', path }
}
