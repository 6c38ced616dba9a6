import { expect, test } from 'vitest'
import { augmentRequestSchema, runSpecHash, runSpecSchema } from './index.ts'

const specOf = (voices: object) =>
  runSpecSchema.safeParse({ datasets: ['tess'], onTheFly: { recipe: 'everyday@1', resources: { voices } } })

test('a run spec without variants on the fly says nothing of them, and keeps its hash', () => {
  const plain = runSpecSchema.parse({ datasets: ['tess'] })
  expect(plain).not.toHaveProperty('onTheFly')
  const varied = runSpecSchema.parse({ datasets: ['tess'], onTheFly: { recipe: 'everyday' } })
  expect(varied.onTheFly).toEqual({ recipe: 'everyday', share: 0.5, resources: {} })
  expect(runSpecHash(varied)).not.toBe(runSpecHash(plain))
})

test.each(['everyday@0', 'everyday@', 'Every day', 'everyday@1.5'])('%s names no recipe', (recipe) => {
  expect(augmentRequestSchema.safeParse({ dataset: 'tess', recipe }).success).toBe(false)
  expect(runSpecSchema.safeParse({ datasets: ['tess'], onTheFly: { recipe } }).success).toBe(false)
})

test('what is mixed in on the fly is of a dataset, or of the training side, and of no other side', () => {
  expect(specOf({ side: 'train' }).success).toBe(true)
  expect(specOf({ dataset: 'others', half: 'train' }).success).toBe(true)
  expect(specOf({ side: 'test' }).success).toBe(false)
})
