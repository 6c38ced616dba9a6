import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Terminal } from './terminal.ts'
import { ROOT } from './start-apps.ts'

export async function downloadTess(terminal: Terminal, signal: AbortSignal): Promise<string | undefined> {
  const folder = join(ROOT, '.ser/tess')
  const child = spawn(process.execPath, [join(ROOT, 'apps/ingest/dist/download-process.js'), folder], { signal })
  const [code] = await once(child, 'exit')
  terminal.say(String(code))
  return code === 0 ? folder : undefined
}
