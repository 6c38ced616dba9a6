import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'

const timesSchema = z.object({
  features: z.array(z.number()),
  load: z.array(z.number()),
  whole: z.array(z.number()),
})

/** Milliseconds of each round. */
export type LibrosaTimes = z.infer<typeof timesSchema>

export type LibrosaClock = {
  readonly versions: Readonly<Record<string, string>>
  /** Times librosa over one recording, which it reads from its file. */
  measure(path: string): Promise<LibrosaTimes>
  close(): void
}

/** Starts librosa in a process of its own, which waits while others are measured. */
export async function startLibrosa(python: string, rounds: number): Promise<LibrosaClock> {
  const script = join(import.meta.dirname, 'measure_librosa.py')
  const child = spawn(python, [script, String(rounds)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const failed = new Promise<never>((_, reject) => child.on('error', reject))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<unknown> => {
    const line = await Promise.race([lines.next(), failed])
    if (line.done) throw new Error('librosa ended early')
    return JSON.parse(line.value)
  }
  const versions = z.record(z.string(), z.string()).parse(await next())
  return {
    versions,
    async measure(path) {
      child.stdin.write(`${path}\n`)
      return timesSchema.parse(await next())
    },
    close: () => child.stdin.end(),
  }
}
