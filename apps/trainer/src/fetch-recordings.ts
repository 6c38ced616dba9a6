import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { failureKind, SerError } from '@ser/contracts'
import { audioKey, type ObjectStorage } from '@ser/object-storage'
import { mapLimited } from '@ser/queue'
import { recordingFile, type VariantOrder } from './train-messages.ts'

/** Objects that are fetched at once. */
const AT_ONCE = 8

/**
 * Fetches what variants on the fly are made of from the object storage into files.
 *
 * @throws SerError RECORDING_GONE (bad-input) when a recording is no longer there; the signal's reason
 */
export async function fetchRecordings(
  { clips, resources }: VariantOrder,
  folder: string,
  { storage, signal }: { readonly storage: Pick<ObjectStorage, 'get'>; readonly signal: AbortSignal },
): Promise<number> {
  const mixedIn = Object.values(resources).flatMap((group) => group.map(({ sha256 }) => sha256))
  const wanted = [...new Set([...clips.filter((clip) => clip !== ''), ...mixedIn])]
  await mapLimited(wanted, AT_ONCE, async (sha256) => {
    signal.throwIfAborted()
    await writeFile(join(folder, recordingFile(sha256)), await fetchOne(storage, sha256))
  })
  return wanted.length
}

async function fetchOne(storage: Pick<ObjectStorage, 'get'>, sha256: string): Promise<Uint8Array> {
  try {
    return await storage.get(audioKey(sha256))
  } catch (error) {
    if (failureKind(error) !== 'gone') throw error
    const message = `the recording ${sha256} is no longer in the object storage, so that no variant of it can be made: ingest its dataset again`
    throw new SerError('RECORDING_GONE', message, { kind: 'bad-input', ids: { clip: sha256 }, cause: error })
  }
}
