import { once } from 'node:events'
import { resolve } from 'node:path'
import { EXIT } from './cli-error.ts'
import { startApps } from './start-apps.ts'
import { createTerminal } from './terminal.ts'

/** Runs the apps on this machine until Ctrl-C. */
export async function serveApps(options: { readonly root: readonly string[] }, signal: AbortSignal): Promise<number> {
  const terminal = createTerminal(false)
  const roots = options.root.map((path) => resolve(path))
  const apps = await startApps({ roots, signal, say: terminal.say, augmentation: true })
  try {
    terminal.say('Ctrl-C ends them')
    if (!signal.aborted) await apps.during(once(signal, 'abort'))
  } finally {
    await apps.stop()
  }
  return EXIT.ok
}
