import { InvalidArgumentError, Option, type Command } from 'commander'
import type { CommandContext } from './command-context.ts'
import { predictFiles, type PredictOptions } from './predict-files.ts'

type Json = { readonly json?: boolean }

/** `ser predict`. */
export function addPredict(
  command: (usage: string, description: string) => Command,
  run: (options: Json, work: (context: CommandContext) => Promise<number>) => Promise<void>,
): void {
  command('predict <path...>', 'the emotions of recordings and folders of them, or of a long one over time')
    .option('--model <name[@version]>', 'default: the model in use')
    .option('--alias <alias>', 'champion (the default), challenger, or another alias')
    .option('--min-confidence <x>', 'an answer below it is uncertain (0 to 1)', number)
    .option('--window <seconds>', 'windows that long, as a timeline (default for long recordings: 2)', number)
    .option('--hop <seconds>', 'from a window to the next (default: half a window)', number)
    .option('--silence <dBFS>', 'what is quieter is not guessed at (default: -65)', number)
    .addOption(
      new Option('--format <format>', 'how they are written').choices(['text', 'jsonl', 'csv']).default('text'),
    )
    .option('-o, --output <file>', 'the file (default: standard output)')
    .option('--picture <file>', 'write the timeline of one recording as an HTML page')
    .action((paths: string[], options: Json & PredictOptions) =>
      run(options, (context) => predictFiles(context, paths, options)),
    )
}

function number(text: string): number {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text)
  throw new InvalidArgumentError('a number is needed')
}
