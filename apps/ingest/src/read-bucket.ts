import { SerError } from '@ser/contracts'
import type { ObjectStorage } from '@ser/object-storage'
import { requestError } from './errors.ts'
import type { Source, SourceEntry, SourceFile } from './source.ts'

/** The objects of a bucket whose keys begin with a prefix; paths begin behind the prefix' last `/`. */
export function readBucket(storage: ObjectStorage, prefix: string): Source {
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1)
  return {
    sequential: false,
    entries: () => walk(storage, prefix, folder),
    find: (path) => find(storage, folder, path),
    // The connections belong to whoever opened the storage.
    close: async () => {},
  }
}

async function* walk(storage: ObjectStorage, prefix: string, folder: string): AsyncGenerator<SourceEntry> {
  try {
    for await (const { key, bytes } of storage.list(prefix)) {
      // Some clients mark folders by an empty object.
      if (!key.endsWith('/')) yield describe(storage, key, folder, bytes)
    }
  } catch (error) {
    throw asRequestError(error, storage.bucket)
  }
}

async function find(storage: ObjectStorage, folder: string, path: string): Promise<SourceEntry | undefined> {
  const key = folder + path
  return (await storage.has(key)) ? describe(storage, key, folder, undefined) : undefined
}

function describe(storage: ObjectStorage, key: string, folder: string, bytes: number | undefined): SourceFile {
  return { kind: 'file', path: key.slice(folder.length), bytes, open: () => storage.getStream(key) }
}

/** A bucket that is not there or not ours to read was named by the request; no retry makes it appear. */
function asRequestError(error: unknown, bucket: string): unknown {
  if (!(error instanceof SerError)) return error
  if (error.code === 'BUCKET_MISSING') return requestError('SOURCE_MISSING', `there is no bucket ${bucket}`, error)
  if (error.code === 'STORAGE_DENIED')
    return requestError('SOURCE_DENIED', `the bucket ${bucket} may not be read`, error)
  return error
}
