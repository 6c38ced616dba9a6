import {
  promotionRequestSchema,
  registryChangeSchema,
  rollbackRequestSchema,
  type RegistryChange,
} from '@ser/contracts'
import { z } from 'zod'
import { EXIT } from './cli-error.ts'
import type { CommandContext } from './command-context.ts'
import { actorHeader } from './describe-actor.ts'
import { modelPath, readVersion } from './find-version.ts'
import { parseInput } from './parse-input.ts'
import { printResult, renderTable } from './terminal.ts'

export type PromoteOptions = {
  readonly alias?: string
  readonly margin?: number
  readonly figure?: string
  readonly force?: boolean
  readonly reason?: string
}

/** Lets an alias name a version. */
export async function promoteModel(context: CommandContext, text: string, options: PromoteOptions): Promise<number> {
  const { model, version } = readVersion(text)
  const { alias, margin, figure, force, reason } = options
  const request = parseInput(promotionRequestSchema, { version, alias, margin, figure, force, reason })
  return change(context, `${modelPath(model)}/promotions`, request)
}

export type RollbackOptions = { readonly alias?: string; readonly from?: number; readonly reason?: string }

/** Lets an alias name the version that it named before. */
export async function rollBackModel(context: CommandContext, model: string, options: RollbackOptions): Promise<number> {
  const { alias, from, reason } = options
  const request = parseInput(rollbackRequestSchema, { alias, from, reason })
  return change(context, `${modelPath(model)}/rollbacks`, request)
}

async function change({ client, terminal }: CommandContext, path: string, json: unknown): Promise<number> {
  const made = await client.post(path, registryChangeSchema, { json, headers: actorHeader() })
  printResult(terminal, made, renderChange)
  return EXIT.ok
}

/** Takes an alias away. */
export async function removeModelAlias(
  { client, terminal }: CommandContext,
  model: string,
  { alias, reason }: { readonly alias: string; readonly reason?: string },
): Promise<number> {
  const path = `${modelPath(model)}/aliases/${encodeURIComponent(alias)}`
  const response = await client.open(path, { method: 'DELETE', query: { reason }, headers: actorHeader() })
  printResult(terminal, registryChangeSchema.parse(await response.json()), renderChange)
  return EXIT.ok
}

export type HistoryOptions = { readonly alias?: string; readonly limit?: number; readonly cursor?: string }

/** Who put what in use, newest first. */
export async function showHistory({ client, terminal }: CommandContext, model: string, options: HistoryOptions) {
  const page = z.object({ items: z.array(registryChangeSchema), nextCursor: z.string().nullable() })
  const { alias, limit, cursor } = options
  const found = await client.get(`${modelPath(model)}/promotions`, page, { alias, limit, cursor })
  printResult(terminal, found, ({ items, nextCursor }) => [
    ...renderTable(['when', 'what', 'who', 'gate', 'reason'], items.map(changeRow)),
    ...(nextCursor === null ? [] : [`more: --cursor ${nextCursor}`]),
  ])
  return EXIT.ok
}

function changeRow(made: RegistryChange) {
  const { token, onBehalfOf } = made.by
  return [
    made.at.slice(0, 19).replace('T', ' '),
    describeChange(made),
    onBehalfOf === null ? token : `${onBehalfOf} (${token})`,
    made.forced ? `forced (${made.gate?.outcome ?? ''})` : (made.gate?.outcome ?? ''),
    made.reason ?? '',
  ]
}

function describeChange({ action, alias, model, version, previous }: RegistryChange): string {
  if (action === 'make-default') return `${model} is the default model`
  if (action === 'remove') return `${alias} taken from @${previous}`
  const before = previous === null ? '' : `, before @${previous}`
  return `${action === 'roll-back' ? 'rolled back: ' : ''}${alias} is @${version}${before}`
}

/** A change as text, with what the gate found. */
export function renderChange(made: RegistryChange): string[] {
  const lines = [`${made.model}: ${describeChange(made)}`]
  const { gate } = made
  if (gate === null) return lines
  if (gate.outcome === 'first') return [...lines, 'gate: there was no champion to compare with']
  if (gate.difference === null)
    return [...lines, `gate: not comparable, ${gate.recordings} recordings in common; forced: ${made.reason}`]
  const figures = (['uar', 'accuracy', 'macroF1'] as const).map((name) => {
    const { value, low, high } = gate.difference![name]
    const title = { uar: 'UAR', accuracy: 'accuracy', macroF1: 'macro F1' }[name]
    return `  ${title.padEnd(9)} ${points(value)} points (95 %: ${points(low)} to ${points(high)})`
  })
  const side = gate.sameTestSide ? 'the same test side' : 'what their test sides have in common'
  const verdict = made.forced
    ? `forced: ${made.reason}`
    : `passed with a margin of ${(gate.margin * 100).toFixed(1)} points`
  return [
    ...lines,
    `gate: ${verdict}; compared with @${gate.champion} on ${gate.recordings} recordings, ${side}`,
    ...figures,
  ]
}

/** A share as points of per cent, with its sign. */
function points(share: number): string {
  return `${share > 0 ? '+' : ''}${(share * 100).toFixed(1)}`
}
