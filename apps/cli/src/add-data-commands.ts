import { PATH_LAYOUT_NAMES } from '@ser/contracts'
import { Option } from 'commander'
import type { AugmentOptions } from './augment-dataset.ts'
import type { CommandLine, Json } from './command-line.ts'
import { addPages, framesOption, halfOption, setOption } from './common-options.ts'
import type { IngestOptions } from './ingest-dataset.ts'
import type { ClipOptions, RejectionOptions } from './list-resources.ts'
import { wholeNumber } from './read-numbers.ts'

/** Recordings: taken in, augmented, listed. */
export function addDataCommands(line: CommandLine): void {
  addIngest(line)
  addAugment(line)
  addLists(line)
}

function addIngest({ command, run }: CommandLine): void {
  command('ingest <source>', 'ingest a folder, a zip or tar, or s3://bucket/prefix')
    .requiredOption('--dataset <name>', 'the dataset that it becomes part of')
    .addOption(
      new Option('--layout <corpus>', "labels from this corpus' file names (default: tess), or none").choices([
        ...PATH_LAYOUT_NAMES,
        'unlabelled',
      ]),
    )
    .option('--manifest <file>', 'labels from a CSV in the source (path,label,speaker[,word][,split]) instead')
    .addOption(setOption())
    .addOption(framesOption())
    .addOption(
      new Option('--on-server <kind>', 'the path is one of the machine of the ingest app').choices([
        'folder',
        'archive',
      ]),
    )
    .option('--watch', 'stay until the features are there')
    .action((source: string, options: IngestOptions & Json) =>
      run(options, async (context) => {
        const { ingestDataset } = await import('./ingest-dataset.ts')
        return ingestDataset(context, source, options)
      }),
    )
}

function addAugment({ command, run }: CommandLine): void {
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
    .addOption(setOption())
    .addOption(framesOption())
    .option('--watch', 'stay until they and their features are there')
    .action((dataset: string, options: AugmentOptions & Json) =>
      run(options, async (context) => {
        const { augmentDataset } = await import('./augment-dataset.ts')
        return augmentDataset(context, dataset, options)
      }),
    )
}

function addLists({ command, run }: CommandLine): void {
  command('datasets', 'datasets').action((options: Json) =>
    run(options, async (context) => (await import('./list-resources.ts')).listDatasets(context)),
  )
  command('feature-sets', 'feature sets').action((options: Json) =>
    run(options, async (context) => (await import('./list-resources.ts')).listFeatureSets(context)),
  )
  addPages(command('clips', 'clips'))
    .option('--dataset <name>', 'only of this dataset')
    .option('--label <label>', 'only with this label')
    .option('--speaker <name>', 'only of this speaker')
    .action((options: Json & ClipOptions) =>
      run(options, async (context) => (await import('./list-resources.ts')).listClips(context, options)),
    )
  addPages(command('rejected', 'files that were not taken in and clips without variants or a vector, and why'))
    .option('--dataset <name>', 'only of this dataset')
    .action((options: Json & RejectionOptions) =>
      run(options, async (context) => (await import('./list-resources.ts')).listRejections(context, options)),
    )
}
