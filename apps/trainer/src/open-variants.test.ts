import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeWav } from '@ser/audio'
import { recipeSchema } from '@ser/augmentation'
import { featureSpecSchema } from '@ser/contracts'
import type { Examples } from '@ser/model'
import { afterAll, expect, test } from 'vitest'
import { openVariants, replaceRows, type HearingNetwork } from './open-variants.ts'
import { recordingFile } from './train-messages.ts'

const CLIPS = Array.from({ length: 8 }, (_, index) => (index + 1).toString(16).padStart(64, '0'))
const noisy = recipeSchema.parse({
  name: 'noisy',
  version: 3,
  steps: [
    { transform: 'AddColorNoise', params: { snrDb: [0, 10], color: ['white', 'pink'] } },
    { transform: 'AddBabbleNoise', params: { snrDb: [0, 10], speakers: 2 } },
  ],
})
const WIDTH = 12
const examples: Examples = {
  vectors: new Float32Array(CLIPS.length * WIDTH),
  labels: new Uint8Array(CLIPS.length),
  speakers: Uint32Array.from(CLIPS, (_, index) => index % 3),
}
const folders: string[] = []
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))))

async function open(threads: number) {
  const folder = await mkdtemp(join(tmpdir(), 'ser-variants-'))
  folders.push(folder)
  for (const [number, sha256] of CLIPS.entries()) {
    const wave = Float32Array.from({ length: 4000 + 300 * number }, (_, at) => 0.4 * Math.sin(at / (4 + number)))
    await writeFile(join(folder, recordingFile(sha256)), encodeWav({ samples: [wave], sampleRate: 24_414 }))
  }
  const voices = CLIPS.map((sha256) => ({ sha256, root: sha256 }))
  const order = { recipe: noisy, share: 0.5, clips: CLIPS, resources: { voices }, sampleRate: 22_050, threads }
  return { folder, variants: await openVariants(order, folder) }
}

const networkOf = (seed: number): HearingNetwork => ({
  architecture: { layout: 'one-step' },
  features: {
    spec: featureSpecSchema.parse({ nMels: 8, nMfcc: 2 }),
    extractor: '1',
    groups: ['mel', 'mfcc', 'zcr', 'rms'],
  },
  recipe: { seed, epochs: 3 },
})

test('makes other variants in every epoch, the same whatever the number of threads and wherever it begins', async () => {
  const { variants, folder } = await open(1)
  const renewal = variants.renew(networkOf(5), examples)
  const epochs: Examples[] = []
  for (const epoch of [1, 2, 3]) epochs.push(await renewal.examples(epoch))
  expect(await readdir(folder)).toEqual(CLIPS.map((sha256) => `${sha256}.f32`))
  expect(epochs[0]).not.toEqual(epochs[1])
  // What is heard as it is stays as it was, and what is heard as a variant is of a speaker apart.
  const heard = CLIPS.map((_, row) => epochs[0].vectors.subarray(row * WIDTH, (row + 1) * WIDTH).some(Boolean))
  expect(new Set(heard).size).toBe(2)
  expect([...epochs[0].speakers!]).toEqual(CLIPS.map((_, row) => (row % 3) + (heard[row] ? 3 : 0)))
  expect(epochs[0].labels).toBe(examples.labels)
  const otherwise = variants.renew(networkOf(6), examples)
  expect(otherwise.identity).not.toBe(renewal.identity)
  expect(await otherwise.examples(2)).not.toEqual(epochs[1])
  // The third epoch is on its way.
  await variants.close()

  const again = await open(2)
  const resumed = again.variants.renew(networkOf(5), examples)
  expect(await resumed.examples(2)).toEqual(epochs[1])
  expect(await resumed.examples(3)).toEqual(epochs[2])
  expect(resumed.identity).toBe(renewal.identity)
  await again.variants.close()
}, 120_000)

test('puts variants of other lengths in the place of their recordings', () => {
  const clean = {
    vectors: Float32Array.of(1, 1, 2, 2, 2, 2, 3, 3),
    lengths: Uint32Array.of(1, 2, 1),
    labels: Uint8Array.of(0, 1, 2),
  }
  const made = { rows: Uint32Array.of(2, 0), lengths: Uint32Array.of(4, 2), values: Float32Array.of(7, 7, 8, 8, 9, 9) }
  expect(replaceRows(clean, [made])).toEqual({
    vectors: Float32Array.of(9, 9, 2, 2, 2, 2, 7, 7, 8, 8),
    lengths: Uint32Array.of(1, 2, 2),
    labels: clean.labels,
  })
})
