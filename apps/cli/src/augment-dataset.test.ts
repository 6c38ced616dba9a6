import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { augmentRequestSchema } from '@ser/contracts'
import { expect, test } from 'vitest'
import { readAugmentRequest } from './augment-dataset.ts'

const byName = (dataset: string) => Promise.resolve({ dataset })

test('says what was asked and leaves the rest to the contract', async () => {
  const request = await readAugmentRequest(
    'tess',
    {
      recipe: 'everyday',
      copies: 2,
      resource: ['noise=street', 'rooms=halls'],
    },
    byName,
  )
  expect(augmentRequestSchema.parse(request)).toMatchObject({
    dataset: 'tess',
    recipe: 'everyday',
    copies: 2,
    seed: 1,
    resources: { noise: { dataset: 'street' }, rooms: { dataset: 'halls' } },
  })
})

test('asks for features of every frame, and of another set', async () => {
  const options = { recipe: 'everyday', frames: true, set: '{"nMfcc":13}' }
  const { featureSet } = augmentRequestSchema.parse(await readAugmentRequest('tess', options, byName))
  expect(featureSet).toMatchObject({ pooling: 'frames', nMfcc: 13, nMels: 128 })
})

test('reads a recipe from a file, and says which file is none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ser-recipe-'))
  const file = join(folder, 'mine.json')
  const recipe = { name: 'mine', version: 1, steps: [{ transform: 'Gain', params: { gainDb: [-6, 0] } }] }
  await writeFile(file, JSON.stringify(recipe))
  expect(await readAugmentRequest('tess', { recipe: file }, byName)).toMatchObject({ recipe })
  await writeFile(file, '{')
  await expect(readAugmentRequest('tess', { recipe: file }, byName)).rejects.toMatchObject({
    code: 'RECIPE_UNREADABLE',
  })
  await rm(folder, { recursive: true })
})

test('refuses a resource that names no group', async () => {
  const asked = readAugmentRequest('tess', { recipe: 'everyday', resource: ['street'] }, byName)
  await expect(asked).rejects.toMatchObject({ code: 'OPTION_INVALID' })
})
