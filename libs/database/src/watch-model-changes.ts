import { setTimeout as delay } from 'node:timers/promises'
import type { Database } from './create-database.ts'

export type ModelWatch = {
  /** Hears the name of a model that has a new version, alias or roll-back, and `undefined` when any may have changed. */
  readonly onChange: (model: string | undefined) => void
  /** Ends the watch. */
  readonly signal: AbortSignal
  readonly retryMs?: number
}

/**
 * Listens for changes of what is in use until the signal comes. Takes one connection of the pool, and another one when it is lost; what
 * may have been missed meanwhile is told as `undefined`, as it is at the start. It is a hint, to load a model early: what is in use is
 * what `resolveModelVersion` says. Behind a pooler that hands connections from transaction to transaction, nothing is ever heard.
 */
export async function watchModelChanges(db: Database, { onChange, signal, retryMs = 1000 }: ModelWatch): Promise<void> {
  while (!signal.aborted) {
    await listen(db, onChange, signal).catch(() => delay(retryMs, undefined, { signal }).catch(() => undefined))
  }
}

/** Until the signal (resolves) or the loss of the connection (rejects). */
async function listen(db: Database, onChange: ModelWatch['onChange'], signal: AbortSignal): Promise<void> {
  const hear = ({ payload }: { payload?: string | undefined }) => onChange(payload)
  await db.withConnection(async (client) => {
    client.on('notification', hear)
    try {
      await client.query('listen ser_models')
      onChange(undefined)
      await new Promise<void>((resolve, reject) => {
        signal.addEventListener('abort', () => resolve(), { once: true })
        if (signal.aborted) resolve()
        client.once('error', reject)
        client.once('end', () => reject(new Error('the connection ended')))
      })
      await client.query('unlisten ser_models')
    } finally {
      client.removeListener('notification', hear)
    }
  })
}
