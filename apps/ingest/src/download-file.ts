import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { SerError } from '@ser/contracts'
import { systemCode } from './errors.ts'
import type { DataverseFile } from './list-dataverse-files.ts'
import { request, type HttpOptions } from './request-with-retry.ts'

export type DownloadOptions = HttpOptions & {
  /** Hears of bytes that are there now (negative when some were thrown away). */
  readonly onBytes: (bytes: number) => void
}

/**
 * Downloads a file unless it is there, goes on where an earlier attempt was cut off, and gives it its name only when its
 * check sum is right.
 *
 * @returns whether anything was downloaded
 * @throws SerError DOWNLOAD_DAMAGED (transient) when what comes is wrong each time; what a disk does wrong, as it is
 */
export async function downloadFile(file: DataverseFile, target: string, options: DownloadOptions): Promise<boolean> {
  if ((await sizeOf(target)) === file.bytes && (await isWhole(target, file))) {
    options.onBytes(file.bytes)
    return false
  }
  await mkdir(dirname(target), { recursive: true })
  const part = `${target}.part`
  options.onBytes((await sizeOf(part)) ?? 0)
  for (let fruitless = 0; fruitless < options.attempts;) {
    const before = (await sizeOf(part)) ?? 0
    if (before < file.bytes || file.bytes === 0) await fetchRest(file, part, before, options)
    const after = (await sizeOf(part)) ?? 0
    if (after >= file.bytes) {
      if (await isWhole(part, file)) {
        await rename(part, target)
        return true
      }
      await rm(part, { force: true })
      options.onBytes(-after)
    }
    // An attempt that was cut off but brought something is no failure.
    fruitless += after > before && after < file.bytes ? 0 : 1
  }
  throw new SerError(
    'DOWNLOAD_DAMAGED',
    `${file.url} (${file.path}) does not have the check sum that the dataset states`,
    {
      kind: 'transient',
    },
  )
}

/** One answer, as far as it comes: a connection that is lost after some bytes ends it without an error. */
async function fetchRest(file: DataverseFile, part: string, from: number, options: DownloadOptions): Promise<void> {
  const headers: Record<string, string> = from > 0 ? { range: `bytes=${from}-` } : {}
  await request(file.url, headers, options, async (response, alive) => {
    // 416: the part is longer than the file is now.
    if (response.status === 416) {
      await response.body?.cancel()
      await rm(part, { force: true })
      options.onBytes(-from)
      return
    }
    const resumed =
      response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${from}-`) === true
    // A server that knows no ranges, or gives another, sends from the start what is then written from the start.
    if (response.status === 206 && !resumed) throw wrongRange(file.url)
    const begun = (await sizeOf(part)) ?? 0
    if (!resumed && begun > 0) options.onBytes(-begun)
    await writeBody(response, part, { append: resumed, most: file.bytes - (resumed ? from : 0), alive, ...options })
  })
}

type WriteOptions = Pick<DownloadOptions, 'onBytes' | 'signal'> & {
  readonly append: boolean
  /** What comes behind so many bytes is not read: the check sum will be wrong. */
  readonly most: number
  readonly alive: () => void
}

async function writeBody(response: Response, part: string, options: WriteOptions): Promise<void> {
  const handle = await open(part, options.append ? 'a' : 'w')
  let written = 0
  try {
    for await (const chunk of response.body ?? []) {
      options.alive()
      await handle.writeFile(chunk)
      written += chunk.length
      options.onBytes(chunk.length)
      if (written > options.most) return
    }
  } catch (error) {
    // Were this attempt repeated, it would ask for what is already written; the next one asks for the rest.
    const byDisk = systemCode(error).startsWith('E')
    if (options.signal.aborted || byDisk || written === 0) throw error
  } finally {
    await handle.close()
  }
}

async function isWhole(path: string, { bytes, checksum }: DataverseFile): Promise<boolean> {
  if ((await sizeOf(path)) !== bytes) return false
  const hash = createHash(checksum.algorithm)
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex') === checksum.hex
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}

function wrongRange(url: string): SerError {
  return new SerError('HTTP_FAILED', `${url}: the answer is not the range that was asked for`, { kind: 'transient' })
}
