import { sideSchema } from '@ser/contracts'
import { InvalidArgumentError, Option, type Command } from 'commander'
import type { CommandLine, Json } from './command-line.ts'
import { addPages } from './common-options.ts'
import type { HistoryOptions, PromoteOptions, RollbackOptions } from './promote-model.ts'
import { countingNumber } from './read-numbers.ts'
import type { LineageOptions } from './show-lineage.ts'

type AddCommand = (usage: string, description: string) => Command
type Run = CommandLine['run']

/** `ser models` and what can be done with them. */
export function addModelCommands({ command, run }: CommandLine): void {
  const list = (name: string | undefined, options: Json) =>
    run(options, async (context) => (await import('./show-models.ts')).listModels(context, name))
  const models = command('models', 'models; with a name, its versions')
    .argument('[name]', 'its versions')
    .enablePositionalOptions()
    .action(list)
  const below: AddCommand = (usage, description) => command(usage, description, models)
  below('list [name]', 'the same').action(list)
  addViews(below, run)
  addChanges(below, run)
}

function addViews(command: AddCommand, run: Run): void {
  command('show <model[@version]>', 'what a version was made from and can do; default: the version in use').action(
    (text: string, options: Json) =>
      run(options, async (context) => (await import('./show-models.ts')).showVersion(context, text)),
  )
  command('card <model[@version]>', 'the model card of a version, Markdown')
    .option('-o, --output <file>', 'the file (default: standard output)')
    .action((text: string, options: Json & { output?: string }) =>
      run(options, async (context) => (await import('./save-card.ts')).saveCard(context, text, options)),
    )
  addPages(
    command('lineage <clip-or-model>', 'the clips that a version used; of a clip (SHA-256), the versions that used it'),
  )
    .addOption(new Option('--side <side>', 'only this side of a version').choices(sideSchema.options))
    .action((text: string, options: Json & LineageOptions) =>
      run(options, async (context) => (await import('./show-lineage.ts')).showLineage(context, text, options)),
    )
  addPages(command('history <model>', 'who put what in use, when and why'))
    .option('--alias <name>', 'only of this alias')
    .action((model: string, options: Json & HistoryOptions) =>
      run(options, async (context) => (await import('./promote-model.ts')).showHistory(context, model, options)),
    )
}

function addChanges(command: AddCommand, run: Run): void {
  command('promote <model@version>', 'put a version in use, if it is no worse than the champion')
    .addOption(aliasOption())
    .option('--margin <points>', 'points by which it may be worse (default: 2)', share)
    .addOption(new Option('--figure <name>', 'what is compared (default: uar)').choices(['uar', 'accuracy', 'macroF1']))
    .option('--force', 'whatever the gate says; needs --reason')
    .addOption(reasonOption())
    .action((text: string, options: Json & PromoteOptions) =>
      run(options, async (context) => (await import('./promote-model.ts')).promoteModel(context, text, options)),
    )
  command('rollback <model>', 'put the version before back in use')
    .addOption(aliasOption())
    .option('--from <version>', 'only while this version is in use', countingNumber)
    .addOption(reasonOption())
    .action((model: string, options: Json & RollbackOptions) =>
      run(options, async (context) => (await import('./promote-model.ts')).rollBackModel(context, model, options)),
    )
  command('unalias <model>', 'take an alias away')
    .addOption(aliasOption())
    .addOption(reasonOption())
    .action((model: string, options: Json & { alias: string; reason?: string }) =>
      run(options, async (context) => (await import('./promote-model.ts')).removeModelAlias(context, model, options)),
    )
  command('default [model]', 'the model that answers when none is named; with a name, that one from now on').action(
    (model: string | undefined, options: Json) =>
      run(options, async (context) => (await import('./show-models.ts')).chooseDefault(context, model)),
  )
}

function aliasOption(): Option {
  return new Option('--alias <name>', 'champion, challenger, or one of your own').default('champion')
}

function reasonOption(): Option {
  return new Option('--reason <text>', 'kept with the change')
}

/** Points of per cent as a share: 2 is 0.02. */
function share(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text) && Number(text) <= 100) return Number(text) / 100
  throw new InvalidArgumentError('a number of points from 0 to 100 is needed')
}
