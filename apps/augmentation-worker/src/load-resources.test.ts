import { SerError } from '@ser/contracts'
import { expect, test } from 'vitest'
import { createResourceLoader, type ResourceDeps } from './load-resources.ts'

const [first, second] = ['a'.repeat(64), 'b'.repeat(64)]
const set = { rowId: 1, members: { noise: [first, second], rooms: [first] } }

function depsWith(decode: ResourceDeps['decode']) {
  let fetched = 0
  const get = () => {
    fetched += 1
    return Promise.resolve(new Uint8Array(4))
  }
  return { deps: { storage: { get }, decode, atOnce: 2 }, fetched: () => fetched }
}

const tone = () => Promise.resolve(Float32Array.of(0.25, -0.5))

test('loads a set once for each rate, also when several ask at once, into memory that threads share', async () => {
  const { deps, fetched } = depsWith(tone)
  const load = createResourceLoader(deps)
  const [resources] = await Promise.all([load(set, 16_000), load(set, 16_000)])
  expect(fetched()).toBe(3)
  expect(resources['noise'].map(({ name, sampleRate }) => [name, sampleRate])).toEqual([
    [first, 16_000],
    [second, 16_000],
  ])
  const { samples } = resources['rooms'][0]
  expect(samples).toEqual(Float32Array.of(0.25, -0.5))
  expect(samples.buffer).toBeInstanceOf(SharedArrayBuffer)
  await load(set, 16_000)
  expect(fetched()).toBe(3)
})

test('keeps the two that were used last', async () => {
  const { deps, fetched } = depsWith(tone)
  const load = createResourceLoader(deps)
  for (const rate of [8000, 16_000, 8000, 44_100, 8000]) await load(set, rate)
  expect(fetched()).toBe(9)
  await load(set, 16_000)
  expect(fetched()).toBe(12)
})

test('says which recording cannot be mixed in, and tries again what failed', async () => {
  let calls = 0
  const { deps } = depsWith(() => {
    calls += 1
    return calls === 1 ? Promise.reject(new SerError('not_audio', 'a text', { kind: 'bad-input' })) : tone()
  })
  const load = createResourceLoader({ ...deps, atOnce: 1 })
  await expect(load(set, 16_000)).rejects.toMatchObject({
    code: 'RESOURCE_UNUSABLE',
    kind: 'bad-input',
    message: `the recording ${first} of "noise" cannot be mixed in: a text`,
  })
  expect(Object.keys(await load(set, 16_000))).toEqual(['noise', 'rooms'])
})
