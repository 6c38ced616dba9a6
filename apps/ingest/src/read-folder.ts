import { constants, type Dirent, type Stats } from 'node:fs'
import { lstat, open, readdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { liesBelow } from '@ser/config'
import { requestError, systemCode } from './errors.ts'
import type { ResolvedPath } from './resolve-source-path.ts'
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
    else if (child.isSymbolicLink()) yield await describeLink(folder, path, root)
    else yield await describe(join(folder, path), path)
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
    // Folders on the way may be links too, which a walk would not have followed.
    return stats.isDirectory() ? undefined : await describeLink(folder, path, root)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(systemCode(error))) return undefined
    throw error
  }
}

async function describeLink(folder: string, path: string, root: string): Promise<SourceEntry> {
  const real = await follow(join(folder, path))
  if (real === undefined) return leadsNowhere(path)
  if (!liesBelow(real, root)) {
    const message = 'the file is a link that leads out of the folders that may be read; copy the file here'
    return refused(path, 'unsafe_path', message)
  }
  return await describe(real, path)
}

async function follow(path: string): Promise<string | undefined> {
  try {
    return await realpath(path)
  } catch (error) {
    if (['ENOENT', 'ELOOP', 'EACCES'].includes(systemCode(error))) return undefined
    throw error
  }
}

async function describe(real: string, path: string): Promise<SourceEntry> {
  let stats: Stats
  try {
    stats = await lstat(real)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return leadsNowhere(path)
    throw error
  }
  if (stats.isDirectory()) {
    const message = 'links to folders are not followed; copy the folder here, or ingest it by its own path'
    return refused(path, 'linked_folder', message)
  }
  if (!stats.isFile()) return refused(path, 'not_a_file', 'this is a socket, pipe or device, not a file')
  return { kind: 'file', path, bytes: stats.size, open: async () => readChunks(real) }
}

function leadsNowhere(path: string): SourceEntry {
  return refused(path, 'vanished', 'the file is a link that leads nowhere, or it vanished; mend or remove it')
}

/**
 * The content in pieces of at most a mebibyte, in buffers as long as what is left: a stream's buffers of full length cost
 * more in garbage collection than the reading itself.
 */
async function* readChunks(real: string): AsyncGenerator<Uint8Array, void, undefined> {
  // Links were resolved before: one that appears now is not followed, and a pipe that appears now is not waited for.
  const file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    let left = (await file.stat()).size
    for (;;) {
      // One byte more than is left shows whether the file has grown.
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(Math.min(left + 1, 2 ** 20)))
      if (bytesRead === 0) return
      left = Math.max(0, left - bytesRead)
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}
