import type { CommandLine, Json } from './command-line.ts'
import { halfOption } from './common-options.ts'
import { signedNumbers, wholeNumber, words } from './read-numbers.ts'
import type { ReportOptions } from './save-report.ts'
import type { StressOptions } from './stress-model.ts'

/** What a model can do: under stress, and as a page. */
export function addEvaluationCommands({ command, run }: CommandLine): void {
  command('stress <model[@version]>', 'evaluate a model in noise, in rooms, over the telephone and clipped')
    .option('--noise <from>', 'recordings of noise: a dataset, ./folder, or s3://bucket/prefix')
    .option('--voices <from>', 'voices for the babble (default: other test recordings)')
    .addOption(halfOption())
    .option('--noises <kind,kind>', 'white, pink, brown, babble, recordings (default: all that there are)', words)
    .option('--snr <dB,dB>', 'signal-to-noise ratios (default: 20,15,10,5,0,-5)', signedNumbers)
    .option('--rt60 <s,s>', 'reverberation times (default: 0.2,0.4,0.8,1.6)', signedNumbers)
    .option('--clipping <percent,percent>', 'of the samples clipped (default: 10,25,50)', signedNumbers)
    .option('--no-telephone', 'leave the telephone band out')
    .option('--limit <n>', 'so many test recordings at most', wholeNumber)
    .option('--seed <n>', 'seed (default: 1)', wholeNumber)
    .option('-o, --out <file>', 'write the figures as a page with curves')
    .option('--no-watch', 'do not wait for it')
    .action((model: string, options: StressOptions & Json) =>
      run(options, async (context) => (await import('./stress-model.ts')).stressModel(context, model, options)),
    )
  command('report [run...]', 'write the HTML report of a run, or several runs side by side')
    .requiredOption('-o, --output <file>', 'the file; - for standard output')
    .option('--experiment <name>', 'the runs of an experiment side by side')
    .action((ids: string[], options: Json & ReportOptions) =>
      run(options, async (context) => (await import('./save-report.ts')).saveReport(context, ids, options)),
    )
}
