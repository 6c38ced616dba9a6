import { Option } from 'commander'
import type { CommandLine, Json } from './command-line.ts'
import type { PredictOptions } from './predict-files.ts'
import { signedNumber } from './read-numbers.ts'

/** `ser predict`. */
export function addPredict({ command, run }: CommandLine): void {
  command('predict <path...>', 'the emotions of recordings and folders of them, or of a long one over time')
    .option('--model <name[@version]>', 'default: the model in use')
    .option('--alias <alias>', 'champion (the default), challenger, or another alias')
    .option('--min-confidence <x>', 'an answer below it is uncertain (0 to 1)', signedNumber)
    .option('--window <seconds>', 'windows that long, as a timeline (default for long recordings: 2)', signedNumber)
    .option('--hop <seconds>', 'from a window to the next (default: half a window)', signedNumber)
    .option('--silence <dBFS>', 'what is quieter is not guessed at (default: -65)', signedNumber)
    .addOption(
      new Option('--format <format>', 'how they are written').choices(['text', 'jsonl', 'csv']).default('text'),
    )
    .option('-o, --output <file>', 'the file (default: standard output)')
    .option('--picture <file>', 'write the timeline of one recording as an HTML page')
    .action((paths: string[], options: Json & PredictOptions) =>
      run(options, async (context) => (await import('./predict-files.ts')).predictFiles(context, paths, options)),
    )
}
