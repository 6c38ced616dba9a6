import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * What is stored with a run as the code that made it: what the image says, else git's commit (with `-dirty.` and a hash of the
 * changes when tracked files were changed), else the package's version.
 */
export async function readCodeVersion(told: string | undefined): Promise<string> {
  if (told !== undefined && told !== '') return told
  try {
    const git = (...args: string[]) => run('git', args, { cwd: import.meta.dirname, maxBuffer: 2 ** 28 })
    const [{ stdout: commit }, { stdout: changes }] = await Promise.all([git('rev-parse', 'HEAD'), git('diff', 'HEAD')])
    return (
      commit.trim() +
      (changes === '' ? '' : `-dirty.${createHash('sha256').update(changes).digest('hex').slice(0, 12)}`)
    )
  } catch {
    // Beside src and dist alike.
    const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
    const version = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : ''
    return `v${String(version)}`
  }
}
