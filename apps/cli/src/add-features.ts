import { Option } from 'commander'
import type { CommandLine } from './command-line.ts'
import type { FeatureOptions } from './extract-files.ts'
import { wholeNumber } from './read-numbers.ts'

/** `ser features`, which needs no server. */
export function addFeatures({ program, done, signal }: CommandLine): void {
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
    .action(async (paths: string[], options: FeatureOptions) => {
      const { extractFiles } = await import('./extract-files.ts')
      done(await extractFiles(paths, options, signal))
    })
}
