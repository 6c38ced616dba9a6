import { createHash } from 'node:crypto'
import { EMOTIONS, featureSpecSchema, type RunSpecInput } from '@ser/contracts'
import {
  ensureDataset,
  ensureFeatureSet,
  registerDatasetClips,
  upsertClips,
  upsertMatrices,
  type Database,
} from '@ser/database'
import { encodeMatrix, EXTRACTOR_VERSION } from '@ser/features'
import { smallSpec } from './open-trainer.ts'

const FRAME_LENGTH = 12

/** A spec of a small network on small matrices; a run takes some seconds. */
export function frameSpec(changes: Partial<RunSpecInput> = {}): RunSpecInput {
  return smallSpec({
    featureSet: { nMels: 8, nMfcc: 2, pooling: 'frames' },
    layout: 'frames',
    lstmUnits: [24],
    normalisation: 'standard',
    batchSize: 32,
    epochs: 12,
    ...changes,
  })
}

/**
 * A dataset of matrices of unequal lengths, in which the emotion is when something rises, not how much of it there is: the mean over
 * time of any two recordings is the same but for noise.
 */
export async function addMatrices(db: Database, name: string, clips: number): Promise<void> {
  const rows = Array.from({ length: clips }, (_, index) => ({
    sha256: createHash('sha256').update(`${name} ${index}`).digest('hex'),
    path: `${index}.wav`,
    label: EMOTIONS[index % EMOTIONS.length],
    speaker: index % 2 === 0 ? 'OAF' : 'YAF',
    word: `word ${index}`,
    split: null,
  }))
  const recording = {
    objectKey: 'audio',
    bytes: 1,
    container: 'wav',
    encoding: 'pcm-s16le',
    sampleRate: 22_050,
    channels: 1,
    frames: 1,
  }
  await upsertClips(
    db,
    rows.map(({ sha256 }) => ({ sha256, ...recording })),
  )
  await registerDatasetClips(db, await ensureDataset(db, name), rows)
  const spec = featureSpecSchema.parse(frameSpec().featureSet)
  const featureSet = await ensureFeatureSet(db, spec, EXTRACTOR_VERSION)
  const matrices = rows.map(({ sha256 }, index) => {
    const values = risingMatrix(sha256, index % EMOTIONS.length)
    const matrix = encodeMatrix(values, { columns: FRAME_LENGTH, power: [0, 8] })
    return { sha256, frames: values.length / FRAME_LENGTH, matrix }
  })
  await upsertMatrices(db, featureSet.rowId, matrices)
}

/** 14 to 29 frames, in which two values are lifted for two frames, after a seventh part for each class. */
function risingMatrix(sha256: string, label: number): Float32Array {
  const noise = Buffer.from(sha256, 'hex')
  const frames = 14 + (noise[0] % 16)
  const values = new Float32Array(frames * FRAME_LENGTH)
  for (const index of values.keys()) values[index] = 0.1 + noise[(index * 7) % 32] / 2560
  const at = Math.floor((label * (frames - 2)) / EMOTIONS.length)
  for (const frame of [at, at + 1]) for (const column of [0, 8]) values[frame * FRAME_LENGTH + column] += 3
  return values
}
