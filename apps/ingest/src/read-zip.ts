import { crc32 } from 'node:zlib'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { DamagedEntryError, requestError, systemCode } from './errors.ts'
import { refused, type Source, type SourceEntry } from './source.ts'

/** The files of a zip, zip64 included, in the order of its directory. Nothing is unpacked to a disk. */
export function readZip(archive: string): Source {
  // One handle for every content that is read; each pass over the directory opens its own.
  const contents = once(() => openZip(archive))
  return {
    sequential: false,
    entries: () => walk(archive, contents.get),
    find: (path) => find(archive, contents.get, path),
    close: async () => {
      const zip = await contents.peek()
      zip?.close()
    },
  }
}

async function* walk(archive: string, contents: () => Promise<ZipFile>): AsyncGenerator<SourceEntry> {
  const zip = await openZip(archive)
  try {
    for await (const entry of zip.eachEntry()) {
      const name = yauzl.getFileNameLowLevel(
        entry.generalPurposeBitFlag,
        entry.fileNameRaw,
        yauzl.parseExtraFields(entry.extraFieldRaw),
        false,
      )
      if (!name.endsWith('/')) yield describe(entry, name, contents)
    }
  } catch (error) {
    throw asDamaged(error)
  } finally {
    zip.close()
  }
}

async function find(archive: string, contents: () => Promise<ZipFile>, path: string): Promise<SourceEntry | undefined> {
  for await (const entry of walk(archive, contents)) if (entry.path === path) return entry
  return undefined
}

function describe(entry: Entry, name: string, contents: () => Promise<ZipFile>): SourceEntry {
  const path = name.replaceAll('\\', '/').normalize('NFC')
  const unsafe = yauzl.validateFileName(path)
  if (unsafe !== null)
    return refused(path, 'unsafe_path', `the archive's entry leads out of it (${unsafe}); pack it again`)
  // The upper half of the attributes is Unix' mode where a Unix packed it.
  if (((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000) {
    return refused(path, 'link_in_archive', 'the entry is a symbolic link; pack the file itself')
  }
  if (entry.isEncrypted()) return refused(path, 'encrypted', 'the entry is encrypted; pack it again without a password')
  if (!entry.canDecodeFileData()) {
    return refused(
      path,
      'unsupported_compression',
      `compression method ${entry.compressionMethod}; pack it again with deflate`,
    )
  }
  return { kind: 'file', path, bytes: entry.uncompressedSize, open: async () => readEntry(await contents(), entry) }
}

async function* readEntry(zip: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  let sum = 0
  try {
    const stream: AsyncIterable<Buffer> = await zip.openReadStreamPromise(entry)
    for await (const chunk of stream) {
      sum = crc32(chunk, sum)
      yield chunk
    }
  } catch (error) {
    // What the disk does wrong has a system's code and may be mended; the rest is the archive's own.
    if (systemCode(error).startsWith('E')) throw error
    throw new DamagedEntryError('the archive is damaged at this entry; pack or download it again', { cause: error })
  }
  if (sum !== entry.crc32) {
    throw new DamagedEntryError("the entry's check sum is wrong: the archive is damaged; pack or download it again")
  }
}

async function openZip(archive: string): Promise<ZipFile> {
  try {
    // Names are read as they stand, so that one bad name does not end the archive.
    return await yauzl.openPromise(archive, { lazyEntries: true, autoClose: false, decodeStrings: false })
  } catch (error) {
    throw asDamaged(error)
  }
}

function asDamaged(error: unknown): unknown {
  if (systemCode(error) !== '') return error
  const reason = error instanceof Error ? error.message : String(error)
  return requestError('ARCHIVE_DAMAGED', `the zip cannot be read (${reason}); download or pack it again`, error)
}

function once<T>(open: () => Promise<T>): { get: () => Promise<T>; peek: () => Promise<T | undefined> } {
  let opened: Promise<T> | undefined
  return {
    get: () => (opened ??= open()),
    peek: async () => opened?.catch(() => undefined),
  }
}
