import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'chrome']

/** The path of Chromium; it is installed first where root may do that with Debian's packages. Undefined elsewhere. */
export function findChromium(): string | undefined {
  const found = searchPath()
  if (found !== undefined || process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return found
  try {
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'ignore' })
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { stdio: 'ignore', env })
  } catch {
    // No network, or a machine without the package: the test says that it was skipped.
  }
  return searchPath()
}

function searchPath(): string | undefined {
  const named = process.env['SER_CHROMIUM']
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const candidates = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)))
  return [named, ...candidates].find((path) => path !== undefined && path !== '' && existsSync(path))
}
