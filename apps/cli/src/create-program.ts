import { homedir } from 'node:os'
import { RESOURCE_HALVES } from '@ser/augmentation'
import { PATH_LAYOUT_NAMES, RECIPE_NAMES } from '@ser/contracts'
import { Command, InvalidArgumentError, Option } from 'commander'
import { addModelCommands } from './add-model-commands.ts'
import { addNetworkOptions } from './add-network-options.ts'
import { augmentDataset, type AugmentOptions } from './augment-dataset.ts'
import { openContext, type CommandContext } from './command-context.ts'
import { controlQueue, reconcileWork, type ReconcileOptions } from './control-queue.ts'
import { extractFiles, type FeatureOptions } from './extract-files.ts'
import { ingestDataset, type IngestOptions } from './ingest-dataset.ts'
import {
  listClips,
  listDatasets,
  listFeatureSets,
  listQueues,
  listRejections,
  listRuns,
  showRun,
} from './list-resources.ts'
import { addPredict } from './add-predict.ts'
import type { ReproduceOptions } from './plan-reproduction.ts'
import { reproducePaper } from './reproduce-paper.ts'
import { runDemo, type DemoOptions } from './run-demo.ts'
import { saveReport, type ReportOptions } from './save-report.ts'
import { serveApps } from './serve-apps.ts'
import { stressModel, type StressOptions } from './stress-model.ts'
import type { FoldOptions } from './train-folds.ts'
import { SPLITS, trainModel, type OnTheFlyOptions, type TrainOptions } from './train-model.ts'
import { watchWork } from './watch-work.ts'

const EPILOGUE = `
The API is found by SER_API_URL and SER_API_TOKEN, else by .ser/services.json, which \`npm run up\` writes.

Exit codes: 0 done; 1 the work itself failed; 2 wrong usage; 3 the API or a service is not reachable;
4 refused (bad input, no such thing, wrong token); 5 the server failed; 130 interrupted.`

type Json = { readonly json?: boolean }

/** The command line; `done` hears the exit code of the command that ran. */
export function createProgram(signal: AbortSignal, done: (exitCode: number) => void): Command {
  const program = new Command('ser')
    .description(
      'Speech emotion recognition: recordings in, a trained, evaluated, versioned model out, and predictions with it.',
    )
    .showHelpAfterError('(see ser --help)')
    .addHelpText('after', EPILOGUE)
    .exitOverride()
    // So that each command takes the options that follow it.
    .enablePositionalOptions()
  const command = (usage: string, description: string): Command =>
    program.command(usage).description(description).option('--json', 'print one JSON document')
  const run = async (options: Json, work: (context: CommandContext) => Promise<number>): Promise<void> =>
    done(await work(openContext(options, signal)))

  addWork(command, run)
  addLists(command, run)
  addModelCommands(program, run)
  addOperations(command, run)
  program
    .command('features <path...>')
    .description('features of recordings and folders of them, on this machine, without any server')
    .addOption(
      new Option('--format <format>', 'how they are written').choices(['jsonl', 'csv', 'npy']).default('jsonl'),
    )
    .option('-o, --output <file>', 'the file (default: standard output); npy has its files in FILE.files.txt')
    .option('--frames', 'every frame instead of the mean over time')
    .option('--set <spec>', 'another feature set as JSON: \'{"nMfcc":13,"hopLength":256}\', \'{"kind":"voice"}\'')
    .option('--threads <n>', 'threads (default: the cores)', wholeNumber)
    .option('--max-seconds <n>', 'recordings that last longer are refused', wholeNumber, 600)
    .action(async (paths: string[], options: FeatureOptions) => done(await extractFiles(paths, options, signal)))
  program
    .command('serve')
    .description('run the API and the workers on this machine until Ctrl-C')
    .option('--root <folder...>', 'folders that an ingestion may read', [homedir(), process.cwd()])
    .action(async (options: { root: string[] }) => done(await serveApps(options, signal)))
  command('demo', 'from recordings to a trained model on this machine')
    .option('--tess <path>', 'TESS as a folder, zip or tar (default: TESS_DIR, else downloaded)')
    .option('--synthetic', 'synthetic recordings instead')
    .option('--words <n>', 'words of the synthetic corpus, 14 recordings each', wholeNumber, 40)
    .addOption(scenarioOption())
    .option('--epochs <n>', 'epochs (default: 50)', wholeNumber)
    .option('--seed <n>', 'seed (default: 1)', wholeNumber)
    .addOption(layoutOption())
    .option('--out <folder>', 'where the report goes (default: .ser/demo)')
    .action(async (options: DemoOptions) => done(await runDemo(options, signal)))
  return program
}

type AddCommand = (usage: string, description: string) => Command
type Run = (options: Json, work: (context: CommandContext) => Promise<number>) => Promise<void>

function addWork(command: AddCommand, run: Run): void {
  command('ingest <source>', 'ingest a folder, a zip or tar, or s3://bucket/prefix')
    .requiredOption('--dataset <name>', 'the dataset that it becomes part of')
    .addOption(
      new Option('--layout <corpus>', "labels from this corpus' file names (default: tess), or none").choices([
        ...PATH_LAYOUT_NAMES,
        'unlabelled',
      ]),
    )
    .option('--manifest <file>', 'labels from a CSV in the source (path,label,speaker[,word][,split]) instead')
    .option('--set <spec>', 'the feature set as JSON, such as \'{"kind":"voice"}\' (default: the paper\'s)')
    .option('--frames', 'features of every frame instead of their mean over time')
    .addOption(
      new Option('--on-server <kind>', 'the path is one of the machine of the ingest app').choices([
        'folder',
        'archive',
      ]),
    )
    .option('--watch', 'stay until the features are there')
    .action((source: string, options: IngestOptions & Json) =>
      run(options, (context) => ingestDataset(context, source, options)),
    )
  command('augment <dataset>', 'make variants of the clips of a dataset: noise, rooms, microphones, voices')
    .requiredOption('--recipe <name>', 'everyday, paper-noise, one that was used before, or a JSON file')
    .option('--copies <n>', 'variants of each clip (default: 1)', wholeNumber)
    .option('--seed <n>', 'seed (default: 1)', wholeNumber)
    .option('--into <name>', 'the dataset that they become part of (default: <dataset>-<recipe>)')
    .option(
      '--resource <group=from...>',
      'recordings to mix in: noise=DATASET, noise=./folder, noise=s3://bucket/prefix',
    )
    .addOption(halfOption())
    .option('--set <spec>', 'the feature set as JSON, such as \'{"kind":"voice"}\' (default: the paper\'s)')
    .option('--frames', 'features of every frame instead of their mean over time')
    .option('--watch', 'stay until they and their features are there')
    .action((dataset: string, options: AugmentOptions & Json) =>
      run(options, (context) => augmentDataset(context, dataset, options)),
    )
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
      run(options, (context) => trainModel(context, options)),
    )
  addNetworkOptions(train)
  command('reproduce', "train the paper's scenarios and print its table beside ours")
    .option('--dataset <name>', 'the dataset that holds TESS', 'tess')
    .option(
      '--scenarios <n,n>',
      '1 mel, 2 all, 3 all but ZCR, 4 as 3 on clean and noisy recordings',
      wholeNumbers,
      [1, 2, 3],
    )
    .option('--layouts <layout,layout>', 'one-step, steps', names, ['one-step'])
    .option('--seeds <n,n>', 'one run each', wholeNumbers, [1, 2, 3])
    .option('--by <how,how>', 'clip (the paper), word, speaker (default: clip)', names)
    .option('--speakers <n>', 'by speaker: how many the dataset has, each left out once (default: 2)', wholeNumber)
    .option('--across <dataset...>', 'train on the dataset and test on these, and the other way round')
    .option('--train <dataset...>', 'train on these and test on those of --test')
    .option('--test <dataset...>', 'see --train')
    .option('--experiment <name>', 'the experiment that the runs are part of (default: reproduction)')
    .option('--epochs <n>', 'epochs (default: 50)', wholeNumber)
    .option('--out <folder>', 'write the comparison as a page, with curves and confusion matrices')
    .action((options: ReproduceOptions & Json) => run(options, (context) => reproducePaper(context, options)))
  command('watch <id>', 'watch a run, an ingestion or an augmentation until it has ended').action(
    (id: string, options: Json) => run(options, (context) => watchWork(context, id)),
  )
  command('stress <model[@version]>', 'evaluate a model in noise, in rooms, over the telephone and clipped')
    .option('--noise <from>', 'recordings of noise: a dataset, ./folder, or s3://bucket/prefix')
    .option('--voices <from>', 'voices for the babble (default: other test recordings)')
    .addOption(halfOption())
    .option('--noises <kind,kind>', 'white, pink, brown, babble, recordings (default: all that there are)', words)
    .option('--snr <dB,dB>', 'signal-to-noise ratios (default: 20,15,10,5,0,-5)', numbers)
    .option('--rt60 <s,s>', 'reverberation times (default: 0.2,0.4,0.8,1.6)', numbers)
    .option('--clipping <percent,percent>', 'of the samples clipped (default: 10,25,50)', numbers)
    .option('--no-telephone', 'leave the telephone band out')
    .option('--limit <n>', 'so many test recordings at most', wholeNumber)
    .option('--seed <n>', 'seed (default: 1)', wholeNumber)
    .option('-o, --out <file>', 'write the figures as a page with curves')
    .option('--no-watch', 'do not wait for it')
    .action((model: string, options: StressOptions & Json) =>
      run(options, (context) => stressModel(context, model, options)),
    )
  addPredict(command, run)
  command('report [run...]', 'write the HTML report of a run, or several runs side by side')
    .requiredOption('-o, --output <file>', 'the file; - for standard output')
    .option('--experiment <name>', 'the runs of an experiment side by side')
    .action((ids: string[], options: Json & ReportOptions) =>
      run(options, (context) => saveReport(context, ids, options)),
    )
}

function addLists(command: AddCommand, run: Run): void {
  const paged = (usage: string, description: string): Command =>
    command(usage, description)
      .option('--limit <n>', 'at most so many', wholeNumber)
      .option('--cursor <cursor>', 'the next page')
  paged('runs [id]', 'runs, newest first; with an id, that run')
    .option('--status <status>', 'only those')
    .option('--experiment <name>', 'only those of an experiment')
    .action((id: string | undefined, options: Json & { status?: string; experiment?: string }) =>
      run(options, (context) => (id === undefined ? listRuns(context, options) : showRun(context, id))),
    )
  command('datasets', 'datasets').action((options: Json) => run(options, listDatasets))
  command('feature-sets', 'feature sets').action((options: Json) => run(options, listFeatureSets))
  paged('clips', 'clips')
    .option('--dataset <name>', 'only of this dataset')
    .option('--label <label>', 'only with this label')
    .option('--speaker <name>', 'only of this speaker')
    .action((options: Json & Parameters<typeof listClips>[1]) => run(options, (context) => listClips(context, options)))
  paged('rejected', 'files that were not taken in and clips without variants or a vector, and why')
    .option('--dataset <name>', 'only of this dataset')
    .action((options: Json & Parameters<typeof listRejections>[1]) =>
      run(options, (context) => listRejections(context, options)),
    )
}

function addOperations(command: AddCommand, run: Run): void {
  const queues = command('queues', 'jobs of each queue')
    .enablePositionalOptions()
    .action((options: Json) => run(options, listQueues))
  for (const [action, description] of [
    ['pause', 'stop handing out jobs'],
    ['resume', 'hand out jobs again'],
    ['retry', 'try failed jobs anew'],
  ] as const) {
    queues
      .command(`${action} <queue>`)
      .description(description)
      .option('--json', 'print one JSON document')
      .action((queue: string, options: Json) => run(options, (context) => controlQueue(context, action, queue)))
  }
  command('reconcile', 'find what the stages still owe, and enqueue it')
    .option('--dataset <name>', 'only of this dataset')
    .option('--retry-failed [code]', 'forget recorded failures (of this code), so that their clips are tried again')
    .action((options: Json & ReconcileOptions) => run(options, (context) => reconcileWork(context, options)))
}

function scenarioOption(): Option {
  return new Option('--scenario <n>', "the paper's features: 1 mel, 2 all, 3 all but ZCR")
    .choices(['1', '2', '3'])
    .argParser(wholeNumber)
}

function layoutOption(): Option {
  return new Option('--layout <layout>', 'one step of all values, or one value a step').choices(['one-step', 'steps'])
}

function halfOption(): Option {
  return new Option('--half <half>', 'only this half of the recordings to mix in').choices(RESOURCE_HALVES)
}

function words(text: string): string[] {
  return text.split(',')
}

/** `20,7.5,-5` */
function numbers(text: string): number[] {
  return text.split(',').map((part) => {
    if (/^-?\d+(\.\d+)?$/.test(part)) return Number(part)
    throw new InvalidArgumentError('numbers with commas between them are needed')
  })
}

function wholeNumber(text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('a whole number is needed')
}

/** `1,2,3` */
function wholeNumbers(text: string): number[] {
  return text.split(',').map(wholeNumber)
}

/** `clip,word` */
function names(text: string): string[] {
  return text.split(',')
}

function decimal(text: string): number {
  if (/^\d+(\.\d+)?(e-?\d+)?$/i.test(text)) return Number(text)
  throw new InvalidArgumentError('a number is needed')
}
