import { sideSchema } from '@ser/contracts'
import { InvalidArgumentError, Option, type Command } from 'commander'
import type { CommandContext } from './command-context.ts'
import {
  promoteModel,
  removeModelAlias,
  rollBackModel,
  showHistory,
  type HistoryOptions,
  type PromoteOptions,
  type RollbackOptions,
} from './promote-model.ts'
import { saveCard } from './save-card.ts'
import { showLineage, type LineageOptions } from './show-lineage.ts'
import { chooseDefault, listModels, showVersion } from './show-models.ts'

type Json = { readonly json?: boolean }
type Run = (options: Json, work: (context: CommandContext) => Promise<number>) => Promise<void>

/** `ser models` and what can be done with them. */
export function addModelCommands(program: Command, run: Run): void {
  const models = program
    .command('models')
    .argument('[name]', 'its versions')
    .description('models; with a name, its versions')
    .option('--json', 'print one JSON document')
    .enablePositionalOptions()
    .action((name: string | undefined, options: Json) => run(options, (context) => listModels(context, name)))
  const command = (usage: string, description: string): Command =>
    models.command(usage).description(description).option('--json', 'print one JSON document')
  command('list [name]', 'the same').action((name: string | undefined, options: Json) =>
    run(options, (context) => listModels(context, name)),
  )
  command('show <model[@version]>', 'what a version was made from and can do; default: the version in use').action(
    (text: string, options: Json) => run(options, (context) => showVersion(context, text)),
  )
  addChanges(command, run)
  command('card <model[@version]>', 'the model card of a version, Markdown')
    .option('-o, --output <file>', 'the file (default: standard output)')
    .action((text: string, options: Json & { output?: string }) =>
      run(options, (context) => saveCard(context, text, options)),
    )
  command('lineage <clip-or-model>', 'the clips that a version used; of a clip (SHA-256), the versions that used it')
    .addOption(new Option('--side <side>', 'only this side of a version').choices(sideSchema.options))
    .option('--limit <n>', 'at most so many', positive)
    .option('--cursor <cursor>', 'the next page')
    .action((text: string, options: Json & LineageOptions) =>
      run(options, (context) => showLineage(context, text, options)),
    )
}

function addChanges(command: (usage: string, description: string) => Command, run: Run): void {
  command('promote <model@version>', 'put a version in use, if it is no worse than the champion')
    .addOption(aliasOption())
    .option('--margin <points>', 'points by which it may be worse (default: 2)', share)
    .addOption(new Option('--figure <name>', 'what is compared (default: uar)').choices(['uar', 'accuracy', 'macroF1']))
    .option('--force', 'whatever the gate says; needs --reason')
    .addOption(reasonOption())
    .action((text: string, options: Json & PromoteOptions) =>
      run(options, (context) => promoteModel(context, text, options)),
    )
  command('rollback <model>', 'put the version before back in use')
    .addOption(aliasOption())
    .option('--from <version>', 'only while this version is in use', positive)
    .addOption(reasonOption())
    .action((model: string, options: Json & RollbackOptions) =>
      run(options, (context) => rollBackModel(context, model, options)),
    )
  command('unalias <model>', 'take an alias away')
    .addOption(aliasOption())
    .addOption(reasonOption())
    .action((model: string, options: Json & { alias: string; reason?: string }) =>
      run(options, (context) => removeModelAlias(context, model, options)),
    )
  command('default [model]', 'the model that answers when none is named; with a name, that one from now on').action(
    (model: string | undefined, options: Json) => run(options, (context) => chooseDefault(context, model)),
  )
  command('history <model>', 'who put what in use, when and why')
    .option('--alias <name>', 'only of this alias')
    .option('--limit <n>', 'at most so many', positive)
    .option('--cursor <cursor>', 'the next page')
    .action((model: string, options: Json & HistoryOptions) =>
      run(options, (context) => showHistory(context, model, options)),
    )
}

function aliasOption(): Option {
  return new Option('--alias <name>', 'champion, challenger, or one of your own').default('champion')
}

function reasonOption(): Option {
  return new Option('--reason <text>', 'kept with the change')
}

function positive(text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('a whole number from 1 is needed')
}

/** Points of per cent as a share: 2 is 0.02. */
function share(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text) && Number(text) <= 100) return Number(text) / 100
  throw new InvalidArgumentError('a number of points from 0 to 100 is needed')
}
