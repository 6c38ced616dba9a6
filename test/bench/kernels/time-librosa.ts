import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'

export type LibrosaClock = {
  readonly versions: Readonly<Record<string, string>>
  /** Processor milliseconds of each recording, in one pass over all. */
  time(work: 'features' | 'load' | 'whole'): Promise<number[]>
  close(): void
}

/** Starts librosa in a process of its own, which waits while others are measured. */
export async function startLibrosa(python: string, paths: readonly string[]): Promise<LibrosaClock> {
  const script = join(import.meta.dirname, 'time_librosa.py')
  const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const failed = new Promise<never>((_, reject) => child.on('error', reject))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ask = async (question: string): Promise<unknown> => {
    child.stdin.write(`${question}\n`)
    const line = await Promise.race([lines.next(), failed])
    if (line.done) throw new Error('librosa ended early')
    return JSON.parse(line.value)
  }
  return {
    versions: z.record(z.string(), z.string()).parse(await ask(JSON.stringify(paths))),
    time: async (work) => z.array(z.number()).parse(await ask(work)),
    close: () => child.stdin.end(),
  }
}
