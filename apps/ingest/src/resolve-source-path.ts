import { realpath, stat } from 'node:fs/promises'
import { liesBelow } from '@ser/config'
import { requestError, systemCode } from './errors.ts'

export type ResolvedPath = {
  /** Without symbolic links. */
  readonly path: string
  /** The allowed folder below which it lies, without symbolic links. */
  readonly root: string
}

/**
 * Resolves the path of a request and proves that it lies in one of the allowed folders, links followed.
 *
 * @param roots SER_INGEST_ROOTS
 * @throws SerError SOURCE_OUTSIDE_ROOTS, SOURCE_MISSING, SOURCE_DENIED, SOURCE_NOT_FOLDER or SOURCE_NOT_FILE, all bad input
 */
export async function resolveSourcePath(
  path: string,
  roots: readonly string[],
  kind: 'folder' | 'file',
): Promise<ResolvedPath> {
  const real = await realPathOf(path)
  const root = await findRoot(real, roots)
  if (root === undefined) {
    const allowed = roots.length === 0 ? 'none is set' : `they are ${roots.join(', ')}`
    throw requestError('SOURCE_OUTSIDE_ROOTS', `${path} lies in no folder of SER_INGEST_ROOTS (${allowed})`)
  }
  const stats = await stat(real)
  if (kind === 'folder' && !stats.isDirectory()) {
    throw requestError('SOURCE_NOT_FOLDER', `${path} is not a folder; for a zip or tar the source's kind is "archive"`)
  }
  if (kind === 'file' && !stats.isFile()) {
    throw requestError('SOURCE_NOT_FILE', `${path} is not a file; for a folder the source's kind is "folder"`)
  }
  return { path: real, root }
}

async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    const code = systemCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw requestError('SOURCE_MISSING', `there is no ${path} where the ingest worker runs`, error)
    }
    if (code === 'EACCES' || code === 'EPERM') {
      throw requestError('SOURCE_DENIED', `the ingest worker may not read ${path}`, error)
    }
    throw error
  }
}

/** A root that is not there allows nothing. */
async function findRoot(real: string, roots: readonly string[]): Promise<string | undefined> {
  const realRoots = await Promise.all(roots.map((root) => realpath(root).catch(() => undefined)))
  return realRoots.find((root) => root !== undefined && liesBelow(real, root))
}
