import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * What is stored with a run as the code that made it: what the image says, else git's commit (with `-dirty` when tracked files
 * were changed), else the package's version.
 */
export async function readCodeVersion(told: string | undefined): Promise<string> {
  if (told !== undefined && told !== '') return told
  try {
    const git = (...args: string[]) => run('git', args, { cwd: import.meta.dirname })
    const [{ stdout: commit }, { stdout: changes }] = await Promise.all([
      git('rev-parse', 'HEAD'),
      git('status', '--porcelain', '--untracked-files=no'),
    ])
    return commit.trim() + (changes.trim() === '' ? '' : '-dirty')
  } catch {
    // Beside src and dist alike.
    const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
    const version = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : ''
    return `v${String(version)}`
  }
}
