import { randomUUID } from 'node:crypto'
import { clipModelSchema, modelVersionDetailSchema, stressRequestSchema, versionClipSchema } from '@ser/contracts'
import { createStressEvaluation, ensureRecipe, ensureResourceSet } from '@ser/database'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { useRegistry } from './registry-requests.ts'
import { seedClips, setId } from './seed-rows.ts'
import { hashOf, seedVersion, type TestedClip } from './seed-versions.ts'
import { startApi, type StartedApi } from './start-api.ts'

let api: StartedApi
let clips: string[]
beforeAll(async () => {
  api = await startApi()
  clips = await seedClips(api.db, 'tess', 12)
})
afterAll(() => api.close())
const { get } = useRegistry(() => api)

const train = (sha256: string): TestedClip => ({ sha256, side: 'train', label: 0 })
const test = (sha256: string): TestedClip => ({ sha256, side: 'test', label: 1, predicted: 1 })
const pageOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), nextCursor: z.string().nullable() })
const modelsOf = (sha256: string) => get(`/v1/clips/${sha256}/models`, pageOf(clipModelSchema))

/** The models that used a clip: themselves, and so many variants of it. */
async function usesOf(sha256: string) {
  return (await modelsOf(sha256)).items.map(({ model, itself, variants }) => [model, itself, variants])
}

/** Writes down that clips were made from another one. */
async function addVariants(parent: string, root: string, variants: readonly string[]): Promise<void> {
  const recipe = await ensureRecipe(api.db, {
    hash: hashOf('recipe'),
    name: 'x',
    version: 1,
    transforms: '1',
    spec: {},
  })
  const resources = await ensureResourceSet(api.db, {})
  for (const [copy, sha256] of variants.entries()) {
    await api.db.query(
      `insert into clips (sha256, object_key, bytes, container, encoding, sample_rate, channels, frames)
       values (decode($1, 'hex'), $1, 100, 'wav', 'pcm_s16le', 24414, 1, 48828) on conflict do nothing`,
      [sha256],
    )
    await api.db.query(
      `insert into clip_variants
         (parent, recipe_id, resource_set_id, seed, copy, sha256, root, applied, output_gain_db)
       values (decode($1, 'hex'), $2, $3, 1, $4, decode($5, 'hex'), decode($6, 'hex'), '[]', 0)`,
      [parent, recipe, resources, copy, sha256, root],
    )
  }
}

describe('a version', () => {
  it('gives all that it was made from and was found to do in one answer', async () => {
    const { runId, sha256 } = await seedVersion(api, {
      model: 'whole',
      clips: [train(clips[0]), test(clips[1])],
      spec: { seed: 7 },
    })
    const detail = await get('/v1/models/whole/versions/1', modelVersionDetailSchema)
    expect(detail).toMatchObject({
      model: 'whole',
      version: 1,
      aliases: [],
      artefact: { sha256 },
      run: {
        id: runId,
        spec: { seed: 7, datasets: ['tess'] },
        specHash: expect.stringMatching(/^[0-9a-f]{64}$/),
        snapshot: { hash: hashOf(runId), train: 1, test: 1 },
        codeVersion: 'code-under-test',
      },
      featureSet: { id: setId, spec: { nMels: 128 }, extractor: expect.any(String) },
      evaluation: { accuracy: 0.9, confusion: expect.any(Array) },
    })
    for (const [name, path] of Object.entries(detail.links)) {
      const response = await api.call(path)
      expect(response.status, name).toBe(200)
      await response.arrayBuffer()
    }
  })

  it('has a card for people', async () => {
    const response = await api.call('/v1/models/whole/versions/1/card')
    expect(response.headers.get('content-type')).toBe('text/markdown; charset=utf-8')
    const card = await response.text()
    expect(card).toMatch(/^# Model card: whole@1\n/)
    expect(card).toContain('| tess | 1 | 1 | 0 | OAF, YAF | not known |')
    expect(card).toContain('| angry | 1 | 0 |')
    expect(card).toContain('Not measured: noise')
    expect((await api.call('/v1/models/whole/versions/2/card')).status).toBe(404)
  })

  it('has the figures of its newest evaluation under stress on its card', async () => {
    await seedVersion(api, { model: 'stressed' })
    const id = randomUUID()
    await createStressEvaluation(api.db, {
      id,
      model: 'stressed',
      version: 1,
      request: stressRequestSchema.parse({}),
      conditions: [{ kind: 'telephone' }],
      members: {},
    })
    const interval = { low: 0.6, high: 0.7 }
    const figures = { recordings: 700, accuracy: 0.654, uar: 0.6, intervals: { accuracy: interval, uar: interval } }
    const result = { condition: { kind: 'telephone' }, ...figures, confusion: [] }
    await api.db.query(`insert into stress_results (evaluation_id, position, result) values ($1, 0, $2)`, [
      id,
      JSON.stringify(result),
    ])
    await api.db.query(`update stress_evaluations set status = 'completed' where id = $1`, [id])
    const card = await (await api.call('/v1/models/stressed/versions/1/card')).text()
    expect(card).toMatch(/## Under other conditions\n\n\| condition .*\n.*\n\| .* \| 65\.4 \| 60\.0 to 70\.0 \|/)
  })

  it.each([
    [`update model_versions set accuracy = 1`],
    [`delete from model_versions`],
    [`truncate model_versions cascade`],
    [`update runs set evaluation = '{}'`],
    [`update runs set status = 'failed'`],
    [`delete from runs`],
    [`delete from run_clips`],
    [`update run_clips set side = 'test'`],
    [`insert into run_clips (run_id, sha256, label, side) select id, 'x', 0, 'test' from runs`],
    [`update run_predictions set predicted = label`],
    [`delete from run_predictions`],
  ])('lets nobody change it or what it was made from: %s', async (statement) => {
    await expect(api.db.query(statement)).rejects.toMatchObject({
      code: 'DATABASE_CONFLICT',
      message: expect.stringContaining('immutable'),
    })
  })
})

describe('lineage', () => {
  it('says which clips a version used, on which side, page by page', async () => {
    await addVariants(clips[2], clips[2], [hashOf('variant of 2')])
    const aside: TestedClip = { sha256: clips[7], side: 'validation', label: 0 }
    const used = [train(clips[2]), train(hashOf('variant of 2')), test(clips[3]), test(clips[4]), aside]
    await seedVersion(api, { model: 'used', clips: used })
    const path = '/v1/models/used/versions/1/clips'
    const first = await get(`${path}?limit=3`, pageOf(versionClipSchema))
    const rest = await get(`${path}?limit=3&cursor=${first.nextCursor}`, pageOf(versionClipSchema))
    const all = [...first.items, ...rest.items]
    expect(all.map(({ sha256 }) => sha256)).toEqual(used.map(({ sha256 }) => sha256).toSorted())
    expect(rest.nextCursor).toBeNull()
    expect(all.find(({ sha256 }) => sha256 === hashOf('variant of 2'))).toEqual({
      sha256: hashOf('variant of 2'),
      side: 'train',
      label: 'angry',
      recording: clips[2],
    })
    const tested = await get(`${path}?side=test`, pageOf(versionClipSchema))
    expect(tested.items.map(({ sha256 }) => sha256)).toEqual([clips[3], clips[4]].toSorted())
    expect(tested.items[0]).toMatchObject({ side: 'test', label: 'disgust', recording: null })
    const validated = await get(`${path}?side=validation`, pageOf(versionClipSchema))
    expect(validated.items.map(({ sha256, side }) => [sha256, side])).toEqual([[clips[7], 'validation']])
    expect((await modelsOf(clips[7])).items.map(({ model, side }) => [model, side])).toEqual([['used', 'validation']])
    expect((await api.call('/v1/models/used/versions/2/clips')).status).toBe(404)
  })

  it('says which versions used a clip, newest first, and on which side', async () => {
    await seedVersion(api, { model: 'older', clips: [train(clips[5])] })
    await seedVersion(api, { model: 'newer', clips: [test(clips[5])] })
    const { items } = await modelsOf(clips[5])
    expect(items.map(({ model, version, side, itself, variants }) => [model, version, side, itself, variants])).toEqual(
      [
        ['newer', 1, 'test', true, 0],
        ['older', 1, 'train', true, 0],
      ],
    )
    expect((await modelsOf(clips[11])).items).toEqual([])
    const first = await get(`/v1/clips/${clips[5]}/models?limit=1`, pageOf(clipModelSchema))
    const rest = await get(`/v1/clips/${clips[5]}/models?limit=1&cursor=${first.nextCursor}`, pageOf(clipModelSchema))
    expect([...first.items, ...rest.items]).toEqual(items)
    expect(rest.nextCursor).toBeNull()
  })

  it('follows what was made from a clip, and what was made from that, but not where it came from', async () => {
    const [copy, other, ofCopy] = ['copy', 'other', 'of copy'].map(hashOf)
    // The last one came out as its own parent, as copies do on which no step comes down.
    await addVariants(clips[6], clips[6], [copy, other, clips[6]])
    await addVariants(copy, clips[6], [ofCopy])
    await seedVersion(api, { model: 'direct', clips: [train(clips[6]), train(copy)] })
    await seedVersion(api, { model: 'through', clips: [train(other), train(ofCopy)] })
    expect(await usesOf(clips[6])).toEqual([
      ['through', false, 2],
      ['direct', true, 1],
    ])
    expect(await usesOf(copy)).toEqual([
      ['through', false, 1],
      ['direct', true, 0],
    ])
    expect(await usesOf(ofCopy)).toEqual([['through', true, 0]])
  })

  it('tells of a clip that is not there', async () => {
    const response = await api.call(`/v1/clips/${hashOf('nothing')}/models`)
    expect(await response.json()).toMatchObject({ status: 404, code: 'CLIP_NOT_FOUND' })
  })
})
