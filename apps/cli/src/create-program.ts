import { Command } from 'commander'
import { addDataCommands } from './add-data-commands.ts'
import { addEvaluationCommands } from './add-evaluation-commands.ts'
import { addFeatures } from './add-features.ts'
import { addMachineCommands } from './add-machine-commands.ts'
import { addModelCommands } from './add-model-commands.ts'
import { addOperationCommands } from './add-operation-commands.ts'
import { addPredict } from './add-predict.ts'
import { addTrainingCommands } from './add-training-commands.ts'
import { createCommandLine } from './command-line.ts'

const EPILOGUE = `
The API is found by SER_API_URL and SER_API_TOKEN, else by .ser/services.json, which \`npm run up\` writes.

Exit codes: 0 done; 1 the work itself failed; 2 wrong usage; 3 the API or a service is not reachable;
4 refused (bad input, no such thing, wrong token); 5 the server failed; 130 interrupted.`

/** The command line; `done` hears the exit code of the command that ran. */
export function createProgram(version: string, signal: AbortSignal, done: (exitCode: number) => void): Command {
  const program = new Command('ser')
    .description(
      'Speech emotion recognition: recordings in, a trained, evaluated, versioned model out, and predictions with it.',
    )
    .version(version)
    .showHelpAfterError('(see ser --help)')
    .addHelpText('after', EPILOGUE)
    .exitOverride()
    // So that each command takes the options that follow it.
    .enablePositionalOptions()
  const line = createCommandLine(program, signal, done)
  addDataCommands(line)
  addTrainingCommands(line)
  addPredict(line)
  addModelCommands(line)
  addEvaluationCommands(line)
  addOperationCommands(line)
  addFeatures(line)
  addMachineCommands(line)
  return program
}
