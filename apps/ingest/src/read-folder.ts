import { constants, type Dirent } from 'node:fs'
import { lstat, open, readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { requestError, systemCode } from './errors.ts'
import { liesBelow, type ResolvedPath } from './resolve-source-path.ts'
import { refused, type Source, type SourceEntry } from './source.ts'

/**
 * The files of a folder and the folders in it, by name. A link to a file is followed when the file lies in the allowed
 * folder; a link that leaves it, a link to a folder, and what is neither file nor folder are refused.
 */
export function readFolder({ path: folder, root }: ResolvedPath): Source {
  return {
    sequential: false,
    entries: () => walk(folder, '', root),
    find: (path) => findEntry(folder, path, root),
    close: async () => {},
  }
}

async function* walk(folder: string, under: string, root: string): AsyncGenerator<SourceEntry> {
  const children = await listFolder(join(folder, under), under)
  if ('kind' in children) {
    yield children
    return
  }
  // By code unit, not by locale: the same order on every machine.
  for (const child of children.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = under === '' ? child.name : `${under}/${child.name}`
    if (child.isDirectory()) yield* walk(folder, path, root)
    else yield await describe(folder, path, root)
  }
}

async function listFolder(absolute: string, path: string): Promise<Dirent[] | SourceEntry> {
  try {
    return await readdir(absolute, { withFileTypes: true })
  } catch (error) {
    const code = systemCode(error)
    if (code !== 'EACCES' && code !== 'EPERM') throw error
    if (path === '') throw requestError('SOURCE_DENIED', `the ingest worker may not read ${absolute}`, error)
    return refused(path, 'unreadable', 'the ingest worker may not read this folder; change its permissions')
  }
}

async function findEntry(folder: string, path: string, root: string): Promise<SourceEntry | undefined> {
  try {
    const stats = await lstat(join(folder, path))
    return stats.isDirectory() ? undefined : await describe(folder, path, root)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(systemCode(error))) return undefined
    throw error
  }
}

async function describe(folder: string, path: string, root: string): Promise<SourceEntry> {
  let real: string
  try {
    real = await realpath(join(folder, path))
  } catch (error) {
    if (!['ENOENT', 'ELOOP', 'EACCES'].includes(systemCode(error))) throw error
    return refused(path, 'unreadable', 'the file is a link that leads nowhere, or it vanished; mend or remove it')
  }
  if (!liesBelow(real, root)) {
    return refused(
      path,
      'unsafe_path',
      'the file is a link that leads out of the folders that may be read; copy the file here',
    )
  }
  const stats = await stat(real)
  if (stats.isDirectory()) {
    return refused(
      path,
      'linked_folder',
      'links to folders are not followed; copy the folder here, or ingest it by its own path',
    )
  }
  if (!stats.isFile()) return refused(path, 'not_a_file', 'this is a socket, pipe or device, not a file')
  return { kind: 'file', path, bytes: stats.size, open: () => openFile(real) }
}

/** Links were resolved before: one that appears now is not followed, and a pipe that appears now is not waited for. */
async function openFile(real: string): Promise<AsyncIterable<Uint8Array>> {
  const handle = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  return handle.createReadStream({ highWaterMark: 1 << 20 })
}
