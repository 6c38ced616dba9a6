import { runVariantsTask } from './variants-task.ts'

/** The entry of a worker thread. */
export const make = runVariantsTask
