import { rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { describeEnd } from '@ser/processes'
import { CliError, EXIT } from './cli-error.ts'
import { describeLog, spawnApp, type AppSpec } from './spawn-app.ts'

export type KeptApp = {
  /** Rejects when the app has ended too often to be started again; never resolves. */
  readonly failure: Promise<never>
  readonly stop: () => Promise<void>
}

export type KeepOptions = {
  readonly say: (text: string) => void
  /** Waits before an app that ended soon after its start is started again; after the last one it is given up. */
  readonly waitsMs?: readonly number[]
  /** Who has lived longer did not end soon. */
  readonly soonMs?: number
}

/** Starts an app, and again whenever it ends: it may have been killed for memory, or have met what is over by then. */
export async function keepApp(spec: AppSpec, options: KeepOptions): Promise<KeptApp> {
  const { say, waitsMs = [1000, 3000, 9000], soonMs = 60_000 } = options
  await rm(spec.logFile, { force: true })
  const stopping = new AbortController()
  let app = await spawnApp(spec)

  const keep = async (): Promise<void> => {
    for (let deaths = 0; ;) {
      const born = performance.now()
      const how = await app.ended
      if (stopping.signal.aborted) return
      deaths = performance.now() - born < soonMs ? deaths + 1 : 1
      const told = `${spec.name} ${describeEnd(how, '')}`
      const log = await describeLog(spec.logFile)
      if (deaths > waitsMs.length) {
        const message = `${told} It ended ${deaths} times, each soon after its start, and is given up; ${log}`
        throw new CliError(EXIT.failed, 'APP_ENDED', message)
      }
      const waitMs = waitsMs[deaths - 1]
      say(`${told} It is started again in ${waitMs / 1000} s; ${log}`)
      await delay(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined)
      if (stopping.signal.aborted) return
      app = await spawnApp(spec)
      // Stopped while it was being started.
      if (stopping.signal.aborted) return app.stop()
    }
  }
  const kept = keep()
  const failure = kept.then((): Promise<never> => new Promise(() => undefined))
  // Somebody may only look at it later, and a rejection that nobody awaits ends the process.
  failure.catch(() => undefined)
  return {
    failure,
    async stop() {
      stopping.abort()
      await app.stop()
      await kept.catch(() => undefined)
    },
  }
}
