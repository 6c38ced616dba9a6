import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

const run = promisify(execFile)
const script = join(import.meta.dirname, 'librosa_features.py')
const requirements = join(import.meta.dirname, 'requirements.txt')

/** What librosa says of one recording: its values, or why it has none. */
export type LibrosaLine =
  | { readonly path: string; readonly frames: number; readonly values: number[] }
  | { readonly path: string; readonly error: string }

export type LibrosaRun = {
  readonly versions: Readonly<Record<string, string>>
  readonly lines: readonly LibrosaLine[]
}

/** Makes a Python environment in `folder`, with librosa or what another file asks for, unless it is there; returns its interpreter. */
export async function prepareEnvironment(folder: string, packages: string = requirements): Promise<string> {
  const python = join(folder, 'bin', 'python')
  const stamp = join(folder, 'installed.txt')
  const wanted = await readFile(packages, 'utf8')
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return python
  await mkdir(folder, { recursive: true })
  await run('python3', ['-m', 'venv', folder])
  await run(python, ['-m', 'pip', 'install', '--quiet', '--requirement', packages], { maxBuffer: 1 << 26 })
  await writeFile(stamp, wanted)
  return python
}

/** Runs librosa over recordings in several processes. Rejects when Python ends with an error. */
export async function runLibrosa(python: string, paths: readonly string[], processes: number): Promise<LibrosaRun> {
  const child = spawn(python, [script, String(processes)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  child.stdin.end(paths.join('\n'))
  const texts: string[] = []
  for await (const line of createInterface({ input: child.stdout })) texts.push(line)
  const code = await ended
  if (code !== 0) throw new Error(`librosa ended with exit code ${code}`)
  const versions: Record<string, string> = JSON.parse(texts[0])
  const lines = texts.slice(1).map((text): LibrosaLine => JSON.parse(text))
  return { versions, lines }
}
