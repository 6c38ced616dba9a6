import { createExtractTask, moveReport, type ExtractTask, type TaskReport } from './extract-task.ts'

const run = createExtractTask()

/** The entry of a worker thread: one for as long as the thread lives. */
export async function extract(task: ExtractTask): Promise<TaskReport> {
  return moveReport(await run(task))
}
