import { realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import { liesBelow } from '@ser/config'
import { SerError, type Source } from '@ser/contracts'

/**
 * Refuses at once a path that the ingest app would refuse later. A path that lies in an allowed folder as it is written or, where it is
 * on this machine too, with its links followed, is left to the ingest app, which alone sees its own file system.
 *
 * @param roots SER_INGEST_ROOTS; empty where the API does not know them
 * @throws SerError SOURCE_OUTSIDE_ROOTS (bad input)
 */
export async function refuseOutsideRoots(source: Source, roots: readonly string[]): Promise<void> {
  if (source.kind === 's3' || roots.length === 0) return
  const paths = [resolve(source.path), await realPathOf(source.path)]
  const folders = [...roots.map((root) => resolve(root)), ...(await Promise.all(roots.map(realPathOf)))]
  if (paths.some((path) => folders.some((folder) => liesBelow(path, folder)))) return
  const allowed = roots.join(', ')
  const message = `${source.path} lies in no folder that the ingest app may read (${allowed}): move it there, or add its folder to SER_INGEST_ROOTS (\`ser serve --root FOLDER\`)`
  throw new SerError('SOURCE_OUTSIDE_ROOTS', message, { kind: 'bad-input' })
}

/** As it is written where it is not on this machine. */
function realPathOf(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path))
}
