import { open } from 'node:fs/promises'
import type { Source as SourceRequest } from '@ser/contracts'
import type { ObjectStorage } from '@ser/object-storage'
import { requestError } from './errors.ts'
import { readBucket } from './read-bucket.ts'
import { readFolder } from './read-folder.ts'
import { readTar } from './read-tar.ts'
import { readZip } from './read-zip.ts'
import { resolveSourcePath } from './resolve-source-path.ts'
import type { Source } from './source.ts'

export type SourceDeps = { readonly storage: ObjectStorage; readonly roots: readonly string[] }

/** Opens the source of a request. What an archive is, its content says, not its name. */
export async function openSource(request: SourceRequest, deps: SourceDeps): Promise<Source> {
  if (request.kind === 's3') return readBucket(deps.storage.openBucket(request.bucket), request.prefix)
  if (request.kind === 'folder') return readFolder(await resolveSourcePath(request.path, deps.roots, 'folder'))
  const { path } = await resolveSourcePath(request.path, deps.roots, 'file')
  return openArchive(path, await readStart(path))
}

function openArchive(path: string, start: Buffer): Source {
  const has = (hex: string, at = 0) => start.subarray(at).toString('hex').startsWith(hex)
  // A local header, or the end of the directory of an empty zip.
  if (has('504b0304') || has('504b0506')) return readZip(path)
  if (has('1f8b')) return readTar(path, true)
  if (start.subarray(257, 262).toString('latin1') === 'ustar') return readTar(path, false)
  const packed = [
    ['425a68', 'bzip2'],
    ['fd377a585a00', 'xz'],
    ['28b52ffd', 'zstd'],
    ['377abcaf271c', '7z'],
    ['526172211a07', 'rar'],
  ].find(([magic]) => has(magic))
  const what = packed === undefined ? 'neither a zip nor a tar' : `packed by ${packed[1]}, which is not read`
  throw requestError('ARCHIVE_UNKNOWN', `${path} is ${what}; give a zip, tar, tar.gz or the unpacked folder`)
}

async function readStart(path: string): Promise<Buffer> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(512), 0, 512, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
