import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const script = join(import.meta.dirname, 'reference.py')

/** The reference's values of files of raw float32 samples, by name. Rejects when Python ends with an error. */
export async function runReference(python: string, files: readonly string[]): Promise<Record<string, number>[]> {
  const child = spawn(python, [script, ...files], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  const found: Record<string, number>[] = []
  for await (const line of createInterface({ input: child.stdout })) found.push(JSON.parse(line))
  const code = await ended
  if (code !== 0) throw new Error(`the reference ended with exit code ${code}`)
  return found
}
