import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Makes a Python environment with Keras in `folder`, unless it is there; says why there is none where that does not work. */
export async function prepareKeras(folder: string, say: (line: string) => void): Promise<string | undefined> {
  const requirements = join(import.meta.dirname, 'requirements.txt')
  const python = join(folder, 'bin', 'python')
  const stamp = join(folder, 'installed.txt')
  const wanted = await readFile(requirements, 'utf8')
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return python
  try {
    // What an installation that was cut off has left.
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true })
    await run('python3', ['-m', 'venv', folder])
    await run(python, ['-m', 'pip', 'install', '--quiet', '--requirement', requirements], { maxBuffer: 1 << 26 })
    await writeFile(stamp, wanted)
    return python
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error)
    say(`Keras is left out, because it could not be installed: ${reason}`)
    return undefined
  }
}
