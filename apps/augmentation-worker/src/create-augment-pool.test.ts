import { encodeWav } from '@ser/audio'
import { PAPER_NOISE, recipeSchema } from '@ser/augmentation'
import { afterEach, expect, test } from 'vitest'
import { createAugmentPool, type AugmentPool } from './create-augment-pool.ts'

let pool: AugmentPool | undefined
afterEach(() => pool?.close())

const short = encodeWav({ samples: [new Float32Array(800).fill(0.1)], sampleRate: 8000 })
// Many seconds of work: ten minutes of sound, stretched ten times.
const long = encodeWav({ samples: [new Float32Array(600 * 8000).fill(0.1)], sampleRate: 8000 })
const stretches = Array.from({ length: 10 }, () => ({ transform: 'PitchShift' as const, params: { semitones: 3 } }))
const slow = recipeSchema.parse({ name: 'slow', version: 1, steps: stretches })

test('replaces a thread that does not answer in time, and goes on', { timeout: 60_000 }, async () => {
  const opened = createAugmentPool({ threads: 1, limitMs: 3000 })
  pool = opened
  const make = () => opened.makeVariant({ bytes: short, recipe: PAPER_NOISE, seed: 'a', resources: {} })
  // A thread takes a while to start.
  const works = () => make().then(({ frames }) => frames, String)
  await expect.poll(works, { timeout: 30_000 }).toBe(800)
  const stuck = opened.makeVariant({ bytes: long, recipe: slow, seed: 'a', resources: {} })
  await expect(stuck).rejects.toMatchObject({ code: 'AUGMENTATION_STUCK', kind: 'transient' })
  await expect.poll(works, { timeout: 30_000 }).toBe(800)
})
