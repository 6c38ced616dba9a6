import { runAugmentTask } from './augment-task.ts'

/** The entry of a worker thread. */
export const augment = runAugmentTask
