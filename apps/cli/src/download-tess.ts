import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { CliError, EXIT } from './cli-error.ts'
import { showProgress } from './show-progress.ts'
import { ROOT } from './start-apps.ts'
import type { Terminal } from './terminal.ts'

const lineSchema = z.union([
  z.object({ progress: z.looseObject({ files: z.number(), filesDone: z.number(), bytesDone: z.number() }) }),
  z.object({ report: z.looseObject({}) }),
  z.object({ error: z.object({ code: z.string(), message: z.string() }) }),
])

type Failure = { readonly code: string; readonly message: string }

/**
 * TESS from its publisher, in a folder that an interrupted download is resumed in. Nothing when the publisher is out of reach, which
 * is said. The download is a process of the ingest app; what it prints is in its download-process.ts.
 */
export async function downloadTess(terminal: Terminal, signal: AbortSignal): Promise<string | undefined> {
  const folder = join(ROOT, '.ser/tess')
  const entry = join(ROOT, 'apps/ingest/dist/download-process.js')
  if (!existsSync(entry))
    throw new CliError(EXIT.usage, 'NOT_BUILT', `${entry} is missing: run \`npm run setup\` in ${ROOT} first`)
  terminal.say('recordings: TESS from its publisher (doi:10.5683/SP2/E8H2MF)')
  const failure = await runDownload(entry, folder, terminal, signal)
  if (failure === undefined) return folder
  if (failure.code !== 'DATAVERSE_UNREACHABLE') throw new CliError(EXIT.failed, failure.code, failure.message)
  terminal.say(`TESS cannot be downloaded: ${failure.message}`)
  return undefined
}

async function runDownload(
  entry: string,
  folder: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  const child = spawn(process.execPath, [entry, '--folder', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  const stop = (): void => void child.kill('SIGTERM')
  signal.addEventListener('abort', stop)
  const ended = once(child, 'exit')
  const progress = showProgress(terminal)
  const bar = progress.bar('download')
  let failure: Failure | undefined
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const said = lineSchema.parse(JSON.parse(line))
      if ('progress' in said) {
        const { files, filesDone, bytesDone } = said.progress
        bar.update(filesDone, files, `${Math.round(bytesDone / 1e6)} MB`)
      }
      if ('error' in said) failure = said.error
    }
    await ended
  } finally {
    progress.stop()
    stop()
    signal.removeEventListener('abort', stop)
  }
  signal.throwIfAborted()
  if (failure === undefined && child.exitCode !== 0)
    return { code: 'DOWNLOAD_FAILED', message: `the download ended with ${child.exitCode ?? child.signalCode}` }
  return failure
}
