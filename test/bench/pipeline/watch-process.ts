import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { repositoryRoot } from '../../support/index.ts'
import { readCpuSeconds, readPeakMebibytes } from './read-cpu-seconds.ts'

export type NamedProcess = { readonly name: string; readonly pid: number }
export type ProcessFigures = {
  readonly name: string
  readonly processorSeconds: number
  readonly peakMebibytes: number
}

/** Begins to count; the function that it gives says what the process, which must live still, has used since. */
export function watchProcess({ name, pid }: NamedProcess): () => ProcessFigures {
  const before = readCpuSeconds(pid)
  return () => ({ name, processorSeconds: readCpuSeconds(pid) - before, peakMebibytes: readPeakMebibytes(pid) })
}

/** The services, where `npm run up` started them as processes of this machine. */
export async function readServices(): Promise<NamedProcess[]> {
  const schema = z.object({
    services: z.record(z.string(), z.object({ process: z.object({ pid: z.number() }).optional() })),
  })
  const text = await readFile(join(repositoryRoot, '.ser/services-state.json'), 'utf8').catch(() => '{"services":{}}')
  return Object.entries(schema.parse(JSON.parse(text)).services).flatMap(([name, service]) =>
    service.process === undefined ? [] : [{ name, pid: service.process.pid }],
  )
}
