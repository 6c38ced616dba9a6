import { SerError } from '@ser/contracts'

/**
 * The right to write about a run: its id and the number that `startRun` gave. An attempt that another one has followed
 * writes nothing any more.
 */
export type RunAttempt = { readonly id: string; readonly attempt: number }

/** A plain id is whichever attempt there is: for those who know that nobody trains the run. */
export function fenceOf(run: string | RunAttempt): [id: string, attempt: number | null] {
  return typeof run === 'string' ? [run, null] : [run.id, run.attempt]
}

/**
 * Refuses what an attempt wrote when no row took it.
 *
 * @throws SerError RUN_TAKEN_OVER (gone): another attempt has the run, or it has ended or vanished
 */
export function requireWritten(rowCount: number, run: string | RunAttempt): void {
  if (rowCount > 0) return
  const [id, attempt] = fenceOf(run)
  const message = `attempt ${attempt ?? ''} no longer has the run: another one does, or the run has ended`
  throw new SerError('RUN_TAKEN_OVER', message, { kind: 'gone', ids: { run: id } })
}
