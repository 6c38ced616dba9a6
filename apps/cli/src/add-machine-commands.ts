import { homedir } from 'node:os'
import { Option } from 'commander'
import type { CommandLine } from './command-line.ts'
import { scenarioOption } from './common-options.ts'
import { wholeNumber } from './read-numbers.ts'
import type { DemoOptions } from './run-demo.ts'

/** The whole pipeline on this machine. */
export function addMachineCommands({ program, command, done, signal }: CommandLine): void {
  program
    .command('serve')
    .description('run the API and the workers on this machine until Ctrl-C')
    .option('--root <folder...>', 'folders that an ingestion may read', [homedir(), process.cwd()])
    .action(async (options: { root: string[] }) =>
      done(await (await import('./serve-apps.ts')).serveApps(options, signal)),
    )
  command('demo', 'from recordings to a trained model on this machine')
    .option('--tess <path>', 'TESS as a folder, zip or tar (default: TESS_DIR, else downloaded)')
    .option('--synthetic', 'synthetic recordings instead')
    .option('--words <n>', 'words of the synthetic corpus, 14 recordings each', wholeNumber, 40)
    .addOption(scenarioOption())
    .option('--epochs <n>', 'epochs (default: 50)', wholeNumber)
    .option('--seed <n>', 'seed (default: 1)', wholeNumber)
    .addOption(
      new Option('--layout <layout>', 'one step of all values, or one value a step').choices(['one-step', 'steps']),
    )
    .option('--out <folder>', 'where the report goes (default: .ser/demo)')
    .action(async (options: DemoOptions) => done(await (await import('./run-demo.ts')).runDemo(options, signal)))
}
