import { createHash } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { failureKind } from '@ser/contracts'
import {
  deleteRunCheckpoint,
  listEndedCheckpoints,
  storeRunCheckpoint,
  type Database,
  type RunAttempt,
  type RunCheckpoint,
} from '@ser/database'
import { checkpointKey, checkpointPrefix, type ObjectStorage } from '@ser/object-storage'
import type { Logger } from '@ser/telemetry'

export type CheckpointDeps = {
  readonly db: Database
  readonly storage: Pick<ObjectStorage, 'get' | 'put' | 'list' | 'remove'>
  readonly logger: Pick<Logger, 'info' | 'warn'>
}

/** What must be the same for a run to go on from a checkpoint, besides its spec. */
export type Sameness = Pick<RunCheckpoint, 'snapshotHash' | 'codeVersion' | 'backend'>

/**
 * Stores the checkpoint that lies in a file, which is then gone, and removes the object of the one before. Storage that is away
 * costs a checkpoint, not the run.
 *
 * @throws SerError RUN_TAKEN_OVER (gone)
 */
export async function saveCheckpoint(
  { db, storage, logger }: CheckpointDeps,
  run: RunAttempt,
  { file, epoch, same }: { readonly file: string; readonly epoch: number; readonly same: Sameness },
): Promise<void> {
  const bytes = await readFile(file)
  await rm(file)
  const key = checkpointKey(run.id, run.attempt, epoch)
  try {
    await storage.put(key, bytes)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const old = await storeRunCheckpoint(db, run, { epoch, key, sha256, bytes: bytes.length, ...same })
    if (old !== undefined) await storage.remove(old)
  } catch (error) {
    if (failureKind(error) !== 'transient') {
      await storage.remove(key)
      throw error
    }
    logger.warn({ run: run.id, epoch, err: error }, 'a checkpoint could not be stored; training goes on')
  }
}

/** A checkpoint's bytes in a file, or why training begins at the first epoch instead, if there is a reason to tell. */
export type Resumption =
  | { readonly file: string; readonly restartReason?: undefined }
  | { readonly file?: undefined; readonly restartReason: string | undefined }

/** Fetches a checkpoint when it is of the same recordings and code. The backend is looked at where it is known, by who trains. */
export async function fetchCheckpoint(
  { storage }: Pick<CheckpointDeps, 'storage'>,
  checkpoint: RunCheckpoint,
  { file, same }: { readonly file: string; readonly same: Omit<Sameness, 'backend'> },
): Promise<Resumption> {
  const from = `the checkpoint of epoch ${checkpoint.epoch}`
  if (checkpoint.snapshotHash !== same.snapshotHash) {
    return { restartReason: `${from} is of other recordings: the datasets have changed since` }
  }
  if (checkpoint.codeVersion !== same.codeVersion) {
    return { restartReason: `${from} is of code ${checkpoint.codeVersion}, and this trainer is ${same.codeVersion}` }
  }
  try {
    const bytes = await storage.get(checkpoint.key)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    if (sha256 !== checkpoint.sha256) return { restartReason: `${from} was damaged in the object storage` }
    await writeFile(file, bytes)
    return { file }
  } catch (error) {
    if (failureKind(error) !== 'gone') throw error
    return { restartReason: `${from} is no longer in the object storage` }
  }
}

/** Removes what checkpoints a run that has ended left. What cannot be removed now is swept when a trainer starts. */
export async function removeCheckpoints({ db, storage, logger }: CheckpointDeps, id: string): Promise<void> {
  try {
    for await (const { key } of storage.list(checkpointPrefix(id))) await storage.remove(key)
    await deleteRunCheckpoint(db, id)
  } catch (error) {
    logger.warn({ run: id, err: error }, 'the checkpoints of a run that has ended could not be removed yet')
  }
}

/** Removes the checkpoints of runs that ended while nobody could remove them. */
export async function sweepCheckpoints(deps: CheckpointDeps): Promise<void> {
  for (const id of await listEndedCheckpoints(deps.db, 1000)) await removeCheckpoints(deps, id)
}
