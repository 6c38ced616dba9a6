import { RECIPE_NAMES } from '@ser/contracts'
import { Option } from 'commander'
import { addNetworkOptions } from './add-network-options.ts'
import type { CommandLine, Json } from './command-line.ts'
import { addPages, halfOption, scenarioOption } from './common-options.ts'
import type { RunListOptions } from './list-resources.ts'
import type { ReproduceOptions } from './plan-reproduction.ts'
import { decimal, wholeNumber, wholeNumbers, words } from './read-numbers.ts'
import { SPLITS } from './read-split.ts'
import type { FoldOptions } from './train-folds.ts'
import type { OnTheFlyOptions, TrainOptions } from './train-model.ts'

/** Runs: asked for, watched, listed. */
export function addTrainingCommands(line: CommandLine): void {
  addTrain(line)
  addReproduce(line)
  const { command, run } = line
  command('watch <id>', 'watch a run, an ingestion or an augmentation until it has ended').action(
    (id: string, options: Json) =>
      run(options, async (context) => (await import('./watch-work.ts')).watchWork(context, id)),
  )
  addPages(command('runs [id]', 'runs, newest first; with an id, that run'))
    .option('--status <status>', 'only those')
    .option('--experiment <name>', 'only those of an experiment')
    .action((id: string | undefined, options: Json & RunListOptions) =>
      run(options, async (context) => {
        const { listRuns, showRun } = await import('./list-resources.ts')
        return id === undefined ? listRuns(context, options) : showRun(context, id)
      }),
    )
}

function addTrain({ command, run }: CommandLine): void {
  const train = command('train', 'train a model')
    .requiredOption('--dataset <name...>', 'the datasets to train on')
    .addOption(
      new Option('--recipe <name>', 'what the other options do not say (default: paper)').choices(RECIPE_NAMES),
    )
    .addOption(scenarioOption())
    .option('--features <group...>', 'mel, mfcc, zcr, rms, or of a voice pitch, quality, ... (default: all)')
    .option('--model <name>', 'the name under which the version is registered (default: paper)')
    .option('--split <how>', `${SPLITS} (default: clip)`)
    .option('--test <n>', 'test side: a count, or a fraction below 1 (default: 0.25)', decimal)
    .option('--relabel <label=emotion...>', 'train on a label that is none of the seven: calm=neutral')
    .option('--seed <n>', 'seed (default: 1)', wholeNumber)
    .option('--epochs <n>', 'epochs (default: 50)', wholeNumber)
    .option('--batch-size <n>', 'batch size (default: 256)', wholeNumber)
    .option('--learning-rate <x>', 'learning rate (default: 0.001)', decimal)
    .option('--validation <share>', 'a share of the training side to watch instead of training on it: 0.1', decimal)
    .option(
      '--early-stopping <epochs>',
      'end after so many epochs without a better one on the validation side',
      wholeNumber,
    )
    .option('--normalise', 'bring every input to mean 0 and deviation 1 of the training side')
    .option('--class-weights', 'let every class weigh the same')
    .option('--augment-on-the-fly <recipe>', 'fresh variants in every epoch: everyday, or everyday@1 with its version')
    .option('--augment-share <share>', 'how likely a recording is heard as a variant (default: 0.5)', decimal)
    .option('--resource <group=from...>', 'recordings to mix in, as for augment; voices=@train: of the training side')
    .addOption(halfOption())
    .option('--with <json>', 'further fields of the run spec: \'{"schedule":{"kind":"cosine"}}\'')
    .option('--folds <n>', 'cross-validation: one run a fold, as one experiment', wholeNumber)
    .addOption(
      new Option('--fold-by <what>', 'what is divided into folds (default: clip)').choices(['clip', 'word', 'speaker']),
    )
    .option('--experiment <name>', 'the experiment that it is part of')
    .option('--out <file>', 'with --folds: the page (default: <experiment>.html)')
    .option('--watch', 'stay until it has ended')
    .action((options: TrainOptions & OnTheFlyOptions & Partial<FoldOptions>) =>
      run(options, async (context) => (await import('./train-model.ts')).trainModel(context, options)),
    )
  addNetworkOptions(train)
}

function addReproduce({ command, run }: CommandLine): void {
  command('reproduce', "train the paper's scenarios and print its table beside ours")
    .option('--dataset <name>', 'the dataset that holds TESS', 'tess')
    .option(
      '--scenarios <n,n>',
      '1 mel, 2 all, 3 all but ZCR, 4 as 3 on clean and noisy recordings',
      wholeNumbers,
      [1, 2, 3],
    )
    .option('--layouts <layout,layout>', 'one-step, steps', words, ['one-step'])
    .option('--seeds <n,n>', 'one run each', wholeNumbers, [1, 2, 3])
    .option('--by <how,how>', 'clip (the paper), word, speaker (default: clip)', words)
    .option('--speakers <n>', 'by speaker: how many the dataset has, each left out once (default: 2)', wholeNumber)
    .option('--across <dataset...>', 'train on the dataset and test on these, and the other way round')
    .option('--train <dataset...>', 'train on these and test on those of --test')
    .option('--test <dataset...>', 'see --train')
    .option('--experiment <name>', 'the experiment that the runs are part of (default: reproduction)')
    .option('--epochs <n>', 'epochs (default: 50)', wholeNumber)
    .option('--out <folder>', 'write the comparison as a page, with curves and confusion matrices')
    .action((options: ReproduceOptions & Json) =>
      run(options, async (context) => (await import('./reproduce-paper.ts')).reproducePaper(context, options)),
    )
}
