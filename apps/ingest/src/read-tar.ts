import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { extract, type Extract } from 'tar-stream'
import { requestError, systemCode } from './errors.ts'
import { refused, type Source, type SourceEntry } from './source.ts'

type Entry = Extract extends AsyncIterable<infer Each> ? Each : never

/** The files of a tar or a gzipped tar, as they follow each other. Nothing is unpacked to a disk. */
export function readTar(archive: string, gzipped: boolean): Source {
  return {
    sequential: true,
    entries: () => walk(archive, gzipped),
    find: (path) => find(archive, gzipped, path),
    close: async () => {},
  }
}

async function* walk(archive: string, gzipped: boolean): AsyncGenerator<SourceEntry> {
  const unpacked = unpack(archive, gzipped)
  try {
    for await (const entry of unpacked) {
      if (entry.header.type !== 'directory') yield describe(entry)
      // What nobody read must flow past before the next entry comes.
      if (!entry.destroyed) entry.resume()
    }
  } catch (error) {
    throw asDamaged(error)
  } finally {
    unpacked.destroy()
  }
}

function unpack(archive: string, gzipped: boolean): Extract {
  const file = createReadStream(archive, { highWaterMark: 1 << 20 })
  const unpacked = extract()
  if (gzipped) pipeline(file, createGunzip(), unpacked, learnedInLoop)
  else pipeline(file, unpacked, learnedInLoop)
  return unpacked
}

/** Whatever fails destroys the last stream with its error, and the loop over the entries throws it. */
function learnedInLoop(): void {}

function describe(entry: Entry): SourceEntry {
  const { name, type, size } = entry.header
  const path = name.replace(/^(?:\.\/)+/, '').normalize('NFC')
  if (path.startsWith('/') || path.split('/').includes('..')) {
    return refused(path, 'unsafe_path', "the archive's entry leads out of it; pack it again with relative names")
  }
  if (type === 'link' || type === 'symlink') {
    return refused(
      path,
      'link_in_archive',
      'the entry is a link; pack the files themselves (tar --dereference --hard-dereference)',
    )
  }
  if (type !== 'file' && type !== 'contiguous-file') return refused(path, 'not_a_file', 'the entry is not a file')
  return { kind: 'file', path, bytes: size, open: async () => bytesOf(entry) }
}

/** Must be read to its end: leaving early would end the whole archive's stream. */
async function* bytesOf(entry: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  for await (const chunk of entry) if (chunk instanceof Uint8Array) yield chunk
}

/** Reads from the start and keeps what it finds: the entry outlives the pass. */
async function find(archive: string, gzipped: boolean, path: string): Promise<SourceEntry | undefined> {
  for await (const entry of walk(archive, gzipped)) {
    if (entry.path !== path) continue
    if (entry.kind === 'refused') return entry
    const chunks: Uint8Array[] = []
    for await (const chunk of await entry.open()) chunks.push(chunk)
    return { ...entry, open: async () => asyncChunks(chunks) }
  }
  return undefined
}

async function* asyncChunks(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks
}

function asDamaged(error: unknown): unknown {
  const code = systemCode(error)
  if (code.startsWith('E') && code !== 'ERR_STREAM_PREMATURE_CLOSE') return error
  const reason = error instanceof Error ? error.message : String(error)
  return requestError(
    'ARCHIVE_DAMAGED',
    `the tar cannot be read to its end (${reason}); download or pack it again`,
    error,
  )
}
