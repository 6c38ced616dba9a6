import { createHash } from 'node:crypto'
import {
  ensureDataset,
  ensureFeatureSet,
  registerDatasetClips,
  upsertClips,
  type ClipRow,
  type DatasetClipRow,
  type Database,
} from '@ser/database'
import { featureSpecSchema } from '@ser/contracts'

/** A SHA-256 that is the same for the same text. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

export function clipRow(sha256: string): ClipRow {
  return {
    sha256,
    objectKey: `audio/${sha256}`,
    bytes: 1000,
    container: 'wav',
    encoding: 'pcm-s16le',
    sampleRate: 24_414,
    channels: 1,
    frames: 480,
  }
}

export function datasetClipRow(path: string, sha256: string, label = 'angry'): DatasetClipRow {
  return { path, sha256, label, speaker: 'OAF', word: 'back', split: null }
}

/** A dataset of `count` clips, `name/0000.wav` and so on, and a feature set. */
export async function addDataset(db: Database, name: string, count: number) {
  const shas = Array.from({ length: count }, (_, index) => hashOf(`${name} ${index}`))
  await upsertClips(db, shas.map(clipRow))
  const datasetId = await ensureDataset(db, name)
  const paths = shas.map((sha256, index) => datasetClipRow(`${name}/${String(index).padStart(4, '0')}.wav`, sha256))
  await registerDatasetClips(db, datasetId, paths)
  const featureSet = await ensureFeatureSet(db, featureSpecSchema.parse({}), 'test-1')
  return { datasetId, shas, featureSet }
}

/** A vector with every kind of float: tiny, huge, negative zero, numbers without an exact decimal form. */
export function oddVector(seed: number, length = 170): Float32Array {
  const values = Float32Array.from({ length }, (_, index) => Math.sin(seed * 31 + index) * 10 ** ((index % 60) - 30))
  values.set([-0, 1e-45, 3.4028234663852886e38, 0.1, 1 / 3])
  return values
}
