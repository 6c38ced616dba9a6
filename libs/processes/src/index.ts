export { findEntry, type Entry } from './find-entry.ts'
export { describeEnd, startProcess, type StartedProcess } from './start-process.ts'
