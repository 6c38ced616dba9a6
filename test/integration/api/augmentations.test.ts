import { encodeWav } from '@ser/audio'
import { augmentationSchema, clipVariantSchema, problemSchema } from '@ser/contracts'
import { audioKey } from '@ser/object-storage'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { seedClips } from './seed-rows.ts'
import { posting, startApi, type StartedApi } from './start-api.ts'

let api: StartedApi
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

const page = z.object({ items: z.array(augmentationSchema), nextCursor: z.string().nullable() })

it('takes a request, says where it is, lists it, and enqueues its jobs', async () => {
  await seedClips(api.db, 'clean', 25)
  const response = await api.call(
    '/v1/augmentations',
    posting({ dataset: 'clean', recipe: 'everyday', copies: 32, seed: 9 }),
  )
  expect(response.status).toBe(202)
  const asked = augmentationSchema.parse(await response.json())
  expect(asked).toMatchObject({
    status: 'queued',
    into: 'clean-everyday',
    recipe: { name: 'everyday', version: 1 },
    counts: { total: 800, done: 0, failed: 0 },
  })
  expect(response.headers.get('location')).toBe(`/v1/augmentations/${asked.id}`)
  expect(await (await api.call(`/v1/augmentations/${asked.id}`)).json()).toEqual(asked)
  expect(page.parse(await (await api.call('/v1/augmentations?dataset=clean')).json()).items).toEqual([asked])
  const queues = z.object({ items: z.array(z.looseObject({ name: z.string() })) })
  const { items } = queues.parse(await (await api.call('/v1/queues')).json())
  expect(items.find(({ name }) => name === 'augment')).toMatchObject({ waiting: 13 })
})

it('says what is wrong with a request: in the recipe, what is missing, what does not exist', async () => {
  await seedClips(api.db, 'other', 1)
  const problemOf = async (body: object) =>
    problemSchema.parse(await (await api.call('/v1/augmentations', posting(body))).json())
  const strict = { name: 'street', version: 1, steps: [{ transform: 'AddBackgroundNoise', params: { snrDb: 5 } }] }
  expect(await problemOf({ dataset: 'other', recipe: strict })).toMatchObject({
    status: 422,
    code: 'RESOURCES_MISSING',
    detail: expect.stringContaining('mixes in recordings of noise'),
  })
  const wrong = { ...strict, steps: [{ transform: 'Flanger', params: {} }] }
  expect(await problemOf({ dataset: 'other', recipe: wrong })).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' })
  expect(await problemOf({ dataset: 'other', recipe: 'everyday', copies: 65 })).toMatchObject({ status: 400 })
  expect(await problemOf({ dataset: 'nowhere', recipe: 'everyday' })).toMatchObject({
    status: 404,
    code: 'DATASET_NOT_FOUND',
  })
  const missing = await api.call('/v1/augmentations/00000000-0000-4000-8000-000000000000')
  expect(problemSchema.parse(await missing.json())).toMatchObject({ status: 404, code: 'AUGMENTATION_NOT_FOUND' })
})

it('gives a clip with what it was made from, and its bytes with their media type', async () => {
  const [sha256] = await seedClips(api.db, 'heard', 1)
  await api.db.query("update clips set object_key = $2, bytes = 5 where sha256 = decode($1, 'hex')", [
    sha256,
    audioKey(sha256),
  ])
  await api.storage.put(audioKey(sha256), Buffer.from('sound'))
  const clip = z.looseObject({ madeFrom: z.array(clipVariantSchema), variants: z.array(clipVariantSchema) })
  expect(clip.parse(await (await api.call(`/v1/clips/${sha256}`)).json())).toMatchObject({
    sha256,
    madeFrom: [],
    variants: [],
  })
  const audio = await api.call(`/v1/clips/${sha256}/audio`)
  expect([audio.status, audio.headers.get('content-type'), await audio.text()]).toEqual([200, 'audio/wav', 'sound'])
  const unknown = await api.call(`/v1/clips/${'0'.repeat(64)}/audio`)
  expect(problemSchema.parse(await unknown.json())).toMatchObject({ status: 404, code: 'CLIP_NOT_FOUND' })
})

it('draws the spectrogram of a recording, and shows a variant beside its parent on a page without scripts', async () => {
  const [parent, variant] = await seedClips(api.db, 'drawn', 2)
  const tone = encodeWav({
    samples: Float32Array.from({ length: 8000 }, (_, index) => 0.4 * Math.sin(index / 5)),
    sampleRate: 16_000,
  })
  for (const sha256 of [parent, variant]) {
    await api.db.query("update clips set object_key = $2, bytes = $3 where sha256 = decode($1, 'hex')", [
      sha256,
      audioKey(sha256),
      tone.length,
    ])
    await api.storage.put(audioKey(sha256), tone)
  }
  const applied = [{ step: 0, transform: 'AddColorNoise', parameters: { snrDb: 7.25, color: 'pink' } }]
  await api.db.query(
    `with recipe as (insert into recipes (hash, name, version, transforms, spec) values (sha256('r'), 'hiss', 2, '1', '{}') returning id),
     used as (insert into resource_sets (hash, members) values (sha256('s'), '{}') returning id)
     insert into clip_variants (parent, recipe_id, resource_set_id, seed, copy, sha256, root, applied, output_gain_db)
     select decode($1, 'hex'), recipe.id, used.id, 1, 0, decode($2, 'hex'), decode($1, 'hex'), $3, -1.5 from recipe, used`,
    [parent, variant, JSON.stringify(applied)],
  )
  const picture = await api.call(`/v1/clips/${parent}/spectrogram`)
  const svg = await picture.text()
  expect([picture.status, picture.headers.get('content-type')], svg).toEqual([200, 'image/svg+xml'])
  expect(picture.headers.get('cache-control')).toContain('immutable')
  expect(svg).toMatch(/^<svg .*0\.50 s.*data:image\/png;base64,/)
  for (const sha256 of [parent, variant]) {
    const html = await (await api.call(`/v1/clips/${sha256}/comparison`)).text()
    expect(html.indexOf(parent)).toBeLessThan(html.indexOf(variant))
    expect(html).toContain('hiss 2, copy 0')
    expect(html).toContain('color pink, snrDb 7.25')
    expect(html).toContain('turned down by 1.5 dB')
    expect(html.match(/<audio controls/g)).toHaveLength(2)
    expect(html).not.toMatch(/<script|(?:src|href)="(?!data:)/)
  }
  const [broken] = await seedClips(api.db, 'undrawable', 1)
  await api.db.query("update clips set object_key = $2, bytes = 4 where sha256 = decode($1, 'hex')", [
    broken,
    audioKey(broken),
  ])
  await api.storage.put(audioKey(broken), Buffer.from('text'))
  const refused = await api.call(`/v1/clips/${broken}/spectrogram`)
  expect(problemSchema.parse(await refused.json())).toMatchObject({ status: 422, code: 'not_audio' })
})
