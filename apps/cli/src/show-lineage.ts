import { clipModelSchema, versionClipSchema } from '@ser/contracts'
import { z } from 'zod'
import { EXIT } from './cli-error.ts'
import type { CommandContext } from './command-context.ts'
import { findVersion, versionPath } from './find-version.ts'
import { printResult, renderTable } from './terminal.ts'

export type LineageOptions = { readonly side?: string; readonly limit?: number; readonly cursor?: string }

const pageOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), nextCursor: z.string().nullable() })

/** Of a clip (its SHA-256), the versions that used it; of a version, the clips that it used. */
export async function showLineage(context: CommandContext, text: string, options: LineageOptions): Promise<number> {
  return /^[0-9a-f]{64}$/.test(text) ? showModels(context, text, options) : showClips(context, text, options)
}

async function showModels({ client, terminal }: CommandContext, sha256: string, { limit, cursor }: LineageOptions) {
  const page = await client.get(`/v1/clips/${sha256}/models`, pageOf(clipModelSchema), { limit, cursor })
  printResult(terminal, page, ({ items, nextCursor }) => [
    ...renderTable(
      ['model', 'side', 'the clip itself', 'variants of it', 'run', 'created'],
      items.map(({ model, version, side, itself, variants, runId, createdAt }) => [
        `${model}@${version}`,
        side,
        itself ? 'yes' : 'no',
        variants,
        runId,
        createdAt.slice(0, 16).replace('T', ' '),
      ]),
    ),
    ...more(nextCursor),
  ])
  return EXIT.ok
}

async function showClips({ client, terminal }: CommandContext, text: string, { side, limit, cursor }: LineageOptions) {
  const path = `${versionPath(await findVersion(client, text))}/clips`
  const page = await client.get(path, pageOf(versionClipSchema), { side, limit, cursor })
  printResult(terminal, page, ({ items, nextCursor }) => [
    ...renderTable(
      ['clip', 'side', 'label', 'made from'],
      items.map((clip) => [clip.sha256, clip.side, clip.label, clip.recording]),
    ),
    ...more(nextCursor),
  ])
  return EXIT.ok
}

function more(cursor: string | null): string[] {
  return cursor === null ? [] : [`more: --cursor ${cursor}`]
}
