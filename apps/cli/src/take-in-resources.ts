import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { ResourceHalf } from '@ser/augmentation'
import { ingestionSchema, ingestRequestSchema, type ResourceChoice, type Source } from '@ser/contracts'
import { CliError, EXIT } from './cli-error.ts'
import type { CommandContext } from './command-context.ts'
import { readSource } from './ingest-dataset.ts'
import { parseInput } from './parse-input.ts'
import { watchIngestion } from './watch-ingestion.ts'

/** Whether recordings are named by where they lie rather than by the dataset that has them: `./noise`, `/data/rooms`, `s3://bucket/noise`. */
export function isSource(text: string): boolean {
  return text.includes('/')
}

/**
 * The recordings that an option names, as the API takes them: a dataset, or a folder, an archive or a prefix of a bucket, which first becomes
 * a dataset without labels. What is there already is not taken in again.
 */
export async function takeInResources(
  context: CommandContext,
  from: string,
  half: ResourceHalf | undefined,
): Promise<ResourceChoice> {
  const dataset = isSource(from) ? await takeIn(context, await readSource(from)) : from
  return { dataset, ...(half === undefined ? {} : { half }) }
}

async function takeIn(context: CommandContext, source: Source): Promise<string> {
  const { client, terminal } = context
  const dataset = resourceDataset(source)
  const request = parseInput(ingestRequestSchema, { dataset, source, layout: { kind: 'unlabelled' } })
  const { id } = await client.post('/v1/ingestions', ingestionSchema, { json: request })
  terminal.say(`recordings to mix in become the dataset ${dataset}`)
  const { ingestion } = await watchIngestion(context, id)
  if (ingestion.status === 'completed') return dataset
  const reason = ingestion.error?.message ?? 'no reason is known'
  throw new CliError(
    EXIT.failed,
    ingestion.error?.code ?? 'INGESTION_FAILED',
    `${dataset} could not be taken in: ${reason}`,
  )
}

/** A name that the same place always gets, and no other: its last part, for people, and a hash of all of it. */
export function resourceDataset(source: Source): string {
  const place = source.kind === 's3' ? `s3://${source.bucket}/${source.prefix}` : source.path
  const last = basename(place)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 32)
  const hash = createHash('sha256').update(place).digest('hex').slice(0, 8)
  return `resources-${last === '' ? '' : `${last}-`}${hash}`
}
