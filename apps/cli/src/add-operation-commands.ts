import type { CommandLine, Json } from './command-line.ts'
import type { ReconcileOptions } from './control-queue.ts'

/** The queues, and what is owed. */
export function addOperationCommands({ command, run }: CommandLine): void {
  const queues = command('queues', 'jobs of each queue')
    .enablePositionalOptions()
    .action((options: Json) =>
      run(options, async (context) => (await import('./list-resources.ts')).listQueues(context)),
    )
  for (const [action, description] of [
    ['pause', 'stop handing out jobs'],
    ['resume', 'hand out jobs again'],
    ['retry', 'try failed jobs anew'],
  ] as const) {
    command(`${action} <queue>`, description, queues).action((queue: string, options: Json) =>
      run(options, async (context) => (await import('./control-queue.ts')).controlQueue(context, action, queue)),
    )
  }
  command('reconcile', 'find what the stages still owe, and enqueue it')
    .option('--dataset <name>', 'only of this dataset')
    .option('--retry-failed [code]', 'forget recorded failures (of this code), so that their clips are tried again')
    .action((options: Json & ReconcileOptions) =>
      run(options, async (context) => (await import('./control-queue.ts')).reconcileWork(context, options)),
    )
}
