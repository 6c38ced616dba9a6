import { decodeAudio } from '@ser/audio'
import { applyRecipe, EVERYDAY, PAPER_NOISE } from '@ser/augmentation'
import { contentHash } from '@ser/contracts'
import { listRejections } from '@ser/database'
import { audioKey } from '@ser/object-storage'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addRecordings, contentOf, hashOf, openLab, synthesise, type Lab } from './open-lab.ts'

let lab: Lab
beforeEach(async () => {
  lab = await openLab()
})
afterEach(() => lab.close())

const waiting = { timeout: 60_000, interval: 50 }
const recordings = Array.from({ length: 40 }, (_, number) => synthesise(number))

const featuresDone = async () => {
  const { rows } = await lab.db.query<{ owed: number }>(
    `select count(distinct sha256) as owed from dataset_clips dc
     where dataset_id in (select into_dataset_id from augmentations)
       and not exists (select from feature_vectors v where v.sha256 = dc.sha256)`,
  )
  return rows[0].owed === 0
}

test('every variant, its object, its rows and its vector are there once; asking again makes nothing new', async () => {
  const parents = await addRecordings(lab, 'clean', recordings.slice(0, 12))
  await lab.start('augmentation-worker')
  await lab.start('feature-worker')
  const asked = await lab.augment({ dataset: 'clean', recipe: 'paper-noise', copies: 3, seed: 5 })
  expect(asked).toMatchObject({ into: 'clean-paper-noise', counts: { total: 36, done: 0, failed: 0 } })
  await expect
    .poll(() => lab.countsOf(asked.id), waiting)
    .toEqual({ status: 'completed', total: 36, done: 36, failed: 0 })
  await expect.poll(featuresDone, waiting).toBe(true)
  const content = await contentOf(lab)
  expect(content).toMatchObject({ paths: 48, variants: 36, clips: 48, objects: 48, vectors: 36 })

  const { rows } = await lab.db.query<{ path: string; label: string; speaker: string; word: string; split: string }>(
    `select path, label, speaker, word, split from dataset_clips
     where dataset_id = (select id from datasets where name = 'clean-paper-noise') and path like 'clean/3.wav~%' order by path`,
  )
  expect(rows.map(({ path }) => path)).toEqual(
    [0, 1, 2].map((copy) =>
      expect.stringMatching(new RegExp(`^clean/3\\.wav~paper-noise-1-[0-9a-f]{12}-5-${copy}\\.wav$`)),
    ),
  )
  for (const row of rows) expect(row).toMatchObject({ label: 'happy', speaker: 'YAF', word: 'word 3', split: 'test' })

  // The stored bytes are what the recipe gives for this clip, seed and copy, to the rounding of 16 bits.
  const variants = await lab.db.query<{ sha256: string; parent: string; root: string; applied: unknown }>(
    `select encode(sha256, 'hex') as sha256, encode(parent, 'hex') as parent, encode(root, 'hex') as root, applied
     from clip_variants where copy = 1`,
  )
  expect(variants.rows.map(({ parent }) => parent).sort()).toEqual([...parents].sort())
  for (const { sha256, parent, root, applied } of variants.rows) {
    expect(root).toBe(parent)
    const bytes = await lab.storage.get(audioKey(sha256))
    expect(hashOf(bytes)).toBe(sha256)
    const made = decodeAudio(bytes)
    const { sampleRate, channelData } = decodeAudio(recordings[parents.indexOf(parent)])
    const seed = contentHash({ parent, seed: 5, copy: 1 })
    const wanted = applyRecipe(channelData[0], { sampleRate, recipe: PAPER_NOISE, seed })
    expect(made).toMatchObject({ sampleRate, channels: 1, encoding: 'pcm_s16' })
    expect(applied).toEqual(wanted.applied)
    const difference = made.channelData[0].reduce(
      (most, value, at) => Math.max(most, Math.abs(value - wanted.samples[at])),
      0,
    )
    expect(difference).toBeLessThanOrEqual(0.5 / 32_768 + 1e-7)
  }

  const again = await lab.augment({ dataset: 'clean', recipe: 'paper-noise', copies: 3, seed: 5 })
  await expect.poll(() => lab.countsOf(again.id), waiting).toMatchObject({ status: 'completed', done: 36 })
  expect(await contentOf(lab)).toEqual(content)
  expect(await lab.jobsOf('features')).toMatchObject({ waiting: 0, active: 0, failed: 0 })

  // One copy more is one variant more of each clip; another seed is all of them anew.
  const more = await lab.augment({ dataset: 'clean', recipe: 'paper-noise', copies: 4, seed: 5 })
  await expect.poll(() => lab.countsOf(more.id), waiting).toMatchObject({ status: 'completed', done: 48 })
  expect(await contentOf(lab)).toMatchObject({ variants: 48, clips: 60, objects: 60 })
  const other = await lab.augment({ dataset: 'clean', recipe: 'paper-noise', seed: 6 })
  await expect.poll(() => lab.countsOf(other.id), waiting).toMatchObject({ status: 'completed', done: 12 })
  expect(await contentOf(lab)).toMatchObject({ variants: 60, clips: 72, objects: 72 })
})

test('a worker killed in the middle: another takes its jobs over, and each variant is there once', async () => {
  await addRecordings(lab, 'clean', recordings)
  const victim = await lab.start('augmentation-worker')
  const asked = await lab.augment({ dataset: 'clean', recipe: 'everyday', copies: 8 })
  const doneNow = async () => (await lab.countsOf(asked.id)).done
  await expect.poll(doneNow, { ...waiting, interval: 10 }).toBeGreaterThan(0)
  await victim.kill()
  const before = await doneNow()
  expect(before).toBeLessThan(320)
  const heir = await lab.start('augmentation-worker')
  await expect
    .poll(() => lab.countsOf(asked.id), waiting)
    .toEqual({ status: 'completed', total: 320, done: 320, failed: 0 })
  expect(heir.output()).toMatch(/took over a job whose worker has vanished/)
  await lab.start('feature-worker')
  await expect.poll(featuresDone, waiting).toBe(true)
  const { rows } = await lab.db.query<{ variants: number; distinct: number; placed: number; vectors: number }>(
    `select count(*) as variants, count(distinct (parent, copy)) as distinct,
       count(*) filter (where exists (select from dataset_clips dc where dc.sha256 = v.sha256
         and dc.path like '%~everyday-1-%-' || v.copy || '.wav')) as placed,
       count(*) filter (where exists (select from feature_vectors f where f.sha256 = v.sha256)) as vectors
     from clip_variants v`,
  )
  expect(rows).toEqual([{ variants: 320, distinct: 320, placed: 320, vectors: 320 }])
  await expect.poll(() => lab.jobsOf('augment'), waiting).toMatchObject({ waiting: 0, active: 0, failed: 0 })
})

test('Redis emptied in the middle: reconcile finds the clips that owe variants', async () => {
  await addRecordings(lab, 'clean', recordings)
  const asked = await lab.augment({ dataset: 'clean', recipe: 'paper-noise', copies: 2 })
  await lab.emptyRedis()
  expect(await lab.reconcile()).toMatchObject({ parentsOwing: 40, augmentJobs: 2 })
  expect(await lab.reconcile()).toMatchObject({ parentsOwing: 40, augmentJobs: 0 })
  await lab.start('augmentation-worker')
  await expect.poll(() => lab.countsOf(asked.id), waiting).toMatchObject({ status: 'completed', done: 80 })
  expect(await lab.reconcile()).toMatchObject({ parentsOwing: 0, augmentJobs: 0 })
  // The features of the variants are owed too, should the queue of their jobs have been lost.
  await lab.emptyRedis()
  expect(await lab.reconcile('clean-paper-noise')).toMatchObject({ clipsOwing: 80, featureJobs: 1 })
})

test('a broken recording fails alone, with its reason, and one that has left the dataset does not hold it up', async () => {
  const [, broken] = await addRecordings(lab, 'clean', [
    recordings[0],
    Buffer.from('no recording'),
    ...recordings.slice(1, 4),
  ])
  const asked = await lab.augment({ dataset: 'clean', recipe: 'paper-noise', copies: 2 })
  await lab.db.query("delete from dataset_clips where path = 'clean/4.wav'")
  await lab.start('augmentation-worker')
  await expect
    .poll(() => lab.countsOf(asked.id), waiting)
    .toEqual({ status: 'completed', total: 10, done: 6, failed: 4 })
  const { rows } = await lab.db.query<{ sha256: string; code: string }>(
    "select encode(sha256, 'hex') as sha256, code from augmentation_clips where code is not null order by code",
  )
  expect(rows.map(({ code }) => code)).toEqual(['CLIP_REMOVED', 'not_audio'])
  expect(rows[1].sha256).toBe(broken)
  expect(await listRejections(lab.db, { dataset: 'clean' }, { limit: 1 })).toMatchObject({
    items: [{ path: 'clean/1.wav', stage: 'augment', code: 'not_audio', sha256: broken }],
    nextCursor: null,
  })
  expect(await lab.jobsOf('augment')).toMatchObject({ failed: 0 })
})

test('mixes in the recordings of a dataset, and says which', async () => {
  await addRecordings(lab, 'clean', recordings.slice(0, 6))
  const noise = await addRecordings(lab, 'noise', [synthesise(900, 0.5), synthesise(901, 0.4)])
  const noisy = {
    name: 'noisy',
    version: 1,
    steps: [{ transform: 'AddBackgroundNoise' as const, params: { snrDb: [0, 10] as [number, number] } }],
  }
  await expect(lab.augment({ dataset: 'clean', recipe: noisy })).rejects.toMatchObject({ code: 'RESOURCES_MISSING' })
  await lab.start('augmentation-worker')
  const asked = await lab.augment({
    dataset: 'clean',
    recipe: noisy,
    copies: 3,
    resources: { noise: { dataset: 'noise' } },
  })
  await expect.poll(() => lab.countsOf(asked.id), waiting).toMatchObject({ status: 'completed', done: 18 })
  const { rows } = await lab.db.query<{ recordings: string[] }>(
    "select applied -> 0 -> 'parameters' -> 'recordings' as recordings from clip_variants",
  )
  expect([...new Set(rows.flatMap(({ recordings: names }) => names))].sort()).toEqual([...noise].sort())
  // A recipe that was used is known by its name.
  const byName = await lab.augment({ dataset: 'clean', recipe: 'noisy', resources: { noise: { dataset: 'noise' } } })
  expect(byName.recipe.hash).toBe(asked.recipe.hash)

  // The voices may be the dataset's own; a recording is never a voice of its own variant.
  const babble = { transform: 'AddBabbleNoise' as const, params: { snrDb: 5, speakers: 5 } }
  const own = await lab.augment({
    dataset: 'clean',
    recipe: { name: 'babbling', version: 1, steps: [babble] },
    resources: { voices: { dataset: 'clean' } },
  })
  await expect.poll(() => lab.countsOf(own.id), waiting).toMatchObject({ status: 'completed', done: 6 })
  const voices = await lab.db.query<{ parent: string; recordings: string[] }>(
    `select encode(parent, 'hex') as parent, applied -> 0 -> 'parameters' -> 'recordings' as recordings
     from clip_variants v join recipes r on r.id = v.recipe_id where r.name = 'babbling'`,
  )
  for (const { parent, recordings: names } of voices.rows) {
    expect(names).toHaveLength(5)
    expect(names).not.toContain(parent)
  }
})

test('refuses at the door what cannot be made', async () => {
  await addRecordings(lab, 'clean', recordings.slice(0, 2))
  const [shared] = recordings
  await addRecordings(lab, 'voices', [shared, synthesise(700)])
  const codeOf = (request: Parameters<Lab['augment']>[0]) =>
    lab.augment(request).then(
      () => 'taken',
      (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
    )
  const changed = { ...EVERYDAY, steps: EVERYDAY.steps.slice(1) }
  expect(await codeOf({ dataset: 'none', recipe: 'everyday' })).toBe('DATASET_NOT_FOUND')
  expect(await codeOf({ dataset: 'clean', recipe: 'nobodys' })).toBe('RECIPE_NOT_FOUND')
  expect(await codeOf({ dataset: 'clean', recipe: changed })).toBe('RECIPE_NAME_TAKEN')
  expect(await codeOf({ dataset: 'clean', recipe: 'everyday', into: 'clean' })).toBe('INTO_ITSELF')
  expect(await codeOf({ dataset: 'clean', recipe: 'paper-noise', resources: { noise: { dataset: 'voices' } } })).toBe(
    'RESOURCES_UNUSED',
  )
  expect(await codeOf({ dataset: 'clean', recipe: 'everyday@7' })).toBe('RECIPE_NOT_FOUND')
  expect(await codeOf({ dataset: 'clean', recipe: { ...changed, name: 'mine' } })).toBe('taken')
  expect(await codeOf({ dataset: 'clean', recipe: { ...changed, name: 'mine', steps: [] } })).toBe('RECIPE_CHANGED')
})
