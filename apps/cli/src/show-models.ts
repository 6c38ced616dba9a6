import {
  defaultModelSchema,
  modelVersionDetailSchema,
  registeredModelSchema,
  registeredVersionSchema,
  type ModelVersionDetail,
  type RegisteredModel,
} from '@ser/contracts'
import { describeInterval, describeSides, percent } from '@ser/report/text'
import { z } from 'zod'
import { EXIT } from './cli-error.ts'
import type { CommandContext } from './command-context.ts'
import { actorHeader } from './describe-actor.ts'
import { findVersion, modelPath, versionPath } from './find-version.ts'
import { printResult, renderTable } from './terminal.ts'

const listOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) })

/** Every model with what is in use of it; of a name, its versions. */
export async function listModels({ client, terminal }: CommandContext, name: string | undefined): Promise<number> {
  if (name === undefined) {
    printResult(terminal, await client.get('/v1/models', listOf(registeredModelSchema)), ({ items }) =>
      renderTable(['model', 'in use', 'accuracy of the newest', 'UAR', 'aliases', 'default'], items.map(modelRow)),
    )
    return EXIT.ok
  }
  const versions = await client.get(`${modelPath(name)}/versions`, listOf(registeredVersionSchema))
  printResult(terminal, versions, ({ items }) =>
    renderTable(
      ['model', 'accuracy', 'UAR', 'aliases', 'bytes', 'run', 'created'],
      items.map((version) => [
        `${version.model}@${version.version}`,
        percent(version.accuracy),
        percent(version.uar),
        version.aliases.join(', '),
        version.artefact.bytes,
        version.runId,
        version.createdAt.slice(0, 16).replace('T', ' '),
      ]),
    ),
  )
  return EXIT.ok
}

function modelRow({ name, versions, latest, aliases, isDefault, inUse }: RegisteredModel) {
  const why = inUse.chosenBy === 'newest' ? ' (the newest; no champion)' : ''
  return [
    `${name}, ${versions} ${versions === 1 ? 'version' : 'versions'}`,
    `@${inUse.version}${why}`,
    percent(latest.accuracy),
    percent(latest.uar),
    Object.entries(aliases)
      .map(([alias, version]) => `${alias} @${version}`)
      .join(', '),
    isDefault ? 'yes' : '',
  ]
}

/** Everything that a version was made from and was found to do. */
export async function showVersion({ client, terminal }: CommandContext, text: string): Promise<number> {
  const detail = await client.get(versionPath(await findVersion(client, text)), modelVersionDetailSchema)
  printResult(terminal, detail, renderVersion)
  return EXIT.ok
}

/** A version as text. */
export function renderVersion({ run, evaluation, featureSet, artefact, ...version }: ModelVersionDetail): string[] {
  const figure = (name: 'accuracy' | 'uar') => {
    if (evaluation === null) return percent(version[name], 2)
    const interval = describeInterval(evaluation, name)
    return percent(evaluation[name], 2) + (interval === '' ? '' : ` (${interval})`)
  }
  const facts: readonly (readonly [string, string])[] = [
    ['in use as', version.aliases.length === 0 ? 'nothing' : version.aliases.join(', ')],
    ['accuracy', figure('accuracy')],
    ['UAR', figure('uar')],
    ['datasets', `${run.spec.datasets.join(', ')}, split by ${run.spec.split.by}`],
    ['clips', run.snapshot === null ? '-' : describeSides(run.snapshot)],
    ['snapshot', run.snapshot?.hash ?? '-'],
    ['specification', `${run.specHash}, seed ${run.spec.seed}`],
    ['feature set', `${featureSet.id}, extractor ${featureSet.extractor}`],
    ['model file', `${artefact.sha256}, ${artefact.bytes} bytes`],
    ['code', run.codeVersion ?? '-'],
    ['run', run.id],
    ['created', version.createdAt],
  ]
  return [`${version.model}@${version.version}`, ...facts.map(([name, value]) => `  ${name.padEnd(14)}${value}`)]
}

/** The model that answers when none is named; with a name, that one from now on. */
export async function chooseDefault({ client, terminal }: CommandContext, model: string | undefined): Promise<number> {
  const path = '/v1/default-model'
  const chosen =
    model === undefined
      ? await client.get(path, defaultModelSchema)
      : defaultModelSchema.parse(
          await (await client.open(path, { method: 'PUT', json: { model }, headers: actorHeader() })).json(),
        )
  printResult(terminal, chosen, (found) => [
    `${found.model}@${found.version} answers when no model is named`,
    ...(found.chosen ? [] : ['nobody chose it: it was made last']),
    ...(found.chosenBy === 'newest' ? [`${found.model} has no champion: its newest version answers`] : []),
  ])
  return EXIT.ok
}
