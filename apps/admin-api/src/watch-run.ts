import type { Epoch, RunSummary } from '@ser/contracts'
import { getRun, getRunSummary, listRunEpochs, type Queryable } from '@ser/database'
import { watchEvents, type ServerEvent } from './stream-events.ts'

export type RunWatch = {
  readonly db: Queryable
  readonly id: string
  /** The last epoch that the client has seen. */
  readonly after: number
  readonly signal: AbortSignal
}

type State = { readonly run: RunSummary; readonly epochs: readonly Epoch[] }

/**
 * A run as it trains: `run` whenever its status changes, `epoch` for each, those that are already there included, and `end` with the
 * whole run. The id of an epoch's event is its number: who comes back with it as Last-Event-ID gets what follows.
 */
export async function* watchRun({ db, id, after, signal }: RunWatch): AsyncGenerator<string> {
  let seen = after
  let status: string | undefined
  const read = async (): Promise<State> => {
    // The status first: when it says that the run has ended, all its epochs are there.
    const run = await getRunSummary(db, id)
    return { run, epochs: await listRunEpochs(db, id, seen) }
  }
  const tell = ({ run, epochs }: State): { events: ServerEvent[]; done: boolean } => {
    const events: ServerEvent[] = status === run.status ? [] : [{ event: 'run', data: run }]
    status = run.status
    seen = epochs.at(-1)?.epoch ?? seen
    for (const epoch of epochs) events.push({ event: 'epoch', data: epoch, id: String(epoch.epoch) })
    return { events, done: hasEnded(run) }
  }
  yield* watchEvents({ read, tell, signal })
  if (!signal.aborted) yield `event: end\ndata: ${JSON.stringify(await getRun(db, id))}\n\n`
}

/** Whether a run will not change any more. */
export function hasEnded({ status }: Pick<RunSummary, 'status'>): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled'
}

/** The epoch that a Last-Event-ID names; whatever else it says is taken as "nothing seen". */
export function lastEpochSeen(header: string | string[] | undefined): number {
  return typeof header === 'string' && /^\d{1,6}$/.test(header) ? Number(header) : 0
}
