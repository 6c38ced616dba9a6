import { createFileExtractor } from './extract-file.ts'

/** The entry of a worker thread: one for as long as the thread lives. */
export const extractFile = createFileExtractor()
