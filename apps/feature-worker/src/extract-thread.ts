import { createExtractTask } from './extract-task.ts'

/** The entry of a worker thread: one for as long as the thread lives. */
export const extract = createExtractTask()
