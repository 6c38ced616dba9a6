import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Source } from '@ser/contracts'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { linkFile, makeOddFiles, makeRecordings, writeFiles, type CorpusFile } from './make-corpus.ts'
import { makeZip } from './make-zip.ts'
import { openIngest, type IngestLab } from './open-ingest.ts'

const run = promisify(execFile)

let recordings: CorpusFile[]
let odd: ReturnType<typeof makeOddFiles>
let lab: IngestLab
beforeAll(async () => {
  lab = await openIngest()
  recordings = await makeRecordings(2)
  odd = makeOddFiles(recordings)
})
afterEach(() => lab.empty())
afterAll(() => lab.close())

const everything = () => [...recordings, ...odd.files]

async function packTar(archive: string, gzip: boolean): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ser-tar-'))
  await writeFiles(folder, everything())
  // By name, as a folder is read: the earlier of two conflicting paths is the same everywhere.
  await run('tar', ['--sort=name', gzip ? '-czf' : '-cf', archive, '-C', folder, '.'])
  await rm(folder, { recursive: true })
}

async function putObjects(prefix: string): Promise<void> {
  for (const { path, bytes } of everything()) await lab.storage.put(prefix + path, bytes)
}

const sources: [string, () => Promise<Source>][] = [
  [
    'a folder',
    async () => {
      await writeFiles(lab.folder, everything())
      return { kind: 'folder', path: lab.folder }
    },
  ],
  ['a zip', () => zip({})],
  ['a zip64', () => zip({ zip64: true })],
  ['a tar', () => tar('tess.tar', false)],
  // The name says nothing: the content decides.
  ['a gzipped tar under a name that says zip', () => tar('tess.zip', true)],
  [
    'an S3 prefix',
    async () => {
      await putObjects('incoming/tess/')
      return { kind: 's3', bucket: lab.bucket, prefix: 'incoming/tess/' }
    },
  ],
]

async function zip(options: Parameters<typeof makeZip>[1]): Promise<Source> {
  const path = join(lab.folder, 'tess.zip')
  const files = everything().sort((a, b) => (a.path < b.path ? -1 : 1))
  await writeFile(path, makeZip(files, options))
  return { kind: 'archive', path }
}

async function tar(name: string, gzip: boolean): Promise<Source> {
  const path = join(lab.folder, name)
  await packTar(path, gzip)
  return { kind: 'archive', path }
}

test.each(sources)('takes in %s, and changes nothing the second time', async (_, makeSource) => {
  const source = await makeSource()
  const rejected = Object.keys(odd.rejected).length
  const paths = recordings.length + odd.newPaths
  const found = paths + rejected

  const first = await lab.ingest({ dataset: 'small', source })
  expect(first).toMatchObject({
    status: 'completed',
    counts: { found, total: found, stored: paths, unchanged: 0, rejected },
    error: null,
  })
  const after = await lab.state()
  const clips = recordings.length + odd.newClips
  expect(after).toMatchObject({ clips, paths, rejected, objects: clips, featureJobs: Math.ceil(found / 16) })
  expect(await rejectedCodes()).toEqual(odd.rejected)
  expect(await labels()).toEqual({ angry: 5, disgust: 4, fear: 4, happy: 4, neutral: 5, sad: 4, surprise: 4 })

  const second = await lab.ingest({ dataset: 'small', source })
  expect(second.counts).toEqual({ found, total: found, stored: 0, unchanged: paths, rejected })
  expect(await lab.state()).toEqual(after)
  expect(lab.logged.at(-1)).toMatchObject({
    message: 'ingestion completed: nothing new',
    fields: { uploaded: 0, enqueued: 0, ignored: odd.ignored },
  })
})

test('stores what it says it stores: the bytes, under the key of their hash, with what the header says', async () => {
  await writeFiles(lab.folder, everything())
  await lab.ingest({ dataset: 'small', source: { kind: 'folder', path: lab.folder } })
  const { rows } = await lab.db.query<{ path: string; key: string; container: string; rate: number; frames: number }>(
    `select dc.path, c.object_key as key, c.container, c.sample_rate as rate, c.frames
     from dataset_clips dc join clips c using (sha256) order by dc.path`,
  )
  const original = new Map(everything().map(({ path, bytes }) => [path, bytes]))
  for (const { path, key } of rows) {
    expect(Buffer.from(await lab.storage.get(key)).equals(original.get(path)!)).toBe(true)
  }
  expect(rows.find(({ path }) => path.includes('OA_aiff'))).toMatchObject({
    container: 'aiff',
    rate: 22_050,
    frames: 2000,
  })
  expect(rows.find(({ path }) => path === recordings[0].path)).toMatchObject({ container: 'wav', rate: 24_414 })
})

test('follows links inside the allowed folder and refuses those that leave it', async () => {
  const outside = await mkdtemp(join(tmpdir(), 'ser-outside-'))
  try {
    await writeFile(join(outside, 'secret.wav'), recordings[0].bytes)
    await writeFiles(lab.folder, recordings.slice(0, 2))
    await linkFile(join(outside, 'secret.wav'), lab.folder, 'OAF_sad/OAF_out_sad.wav')
    await linkFile(outside, lab.folder, 'OAF_fear')
    await linkFile(join(lab.folder, 'nowhere'), lab.folder, 'OAF_sad/OAF_gone_sad.wav')
    await linkFile(join(lab.folder, recordings[0].path), lab.folder, recordings[0].path.replace('.wav', '.WAV'))
    const { counts } = await lab.ingest({ dataset: 'small', source: { kind: 'folder', path: lab.folder } })
    expect(counts).toMatchObject({ stored: 3, rejected: 3 })
    expect(await rejectedCodes()).toEqual({
      'OAF_sad/OAF_out_sad.wav': 'unsafe_path',
      OAF_fear: 'unsafe_path',
      'OAF_sad/OAF_gone_sad.wav': 'vanished',
    })
  } finally {
    await rm(outside, { recursive: true })
  }
})

test('rejects a damaged entry of a zip and entries that lead out of it, and takes the rest', async () => {
  const path = join(lab.folder, 'odd.zip')
  const files = [...recordings.slice(0, 4), { path: '../../OAF_x_sad.wav', bytes: recordings[5].bytes }]
  await writeFile(path, makeZip(files, { damaged: recordings[1].path }))
  const { counts } = await lab.ingest({ dataset: 'small', source: { kind: 'archive', path } })
  expect(counts).toMatchObject({ stored: 3, rejected: 2 })
  expect(await rejectedCodes()).toEqual({ [recordings[1].path]: 'damaged_entry', '../../OAF_x_sad.wav': 'unsafe_path' })
})

test('takes in recordings by their manifest, and reports rows and files that do not fit', async () => {
  const files = recordings.slice(0, 4).map(({ bytes }, index) => ({ path: `takes/${index}.wav`, bytes }))
  const manifest = [
    'path,label,speaker,word,split',
    'takes/0.wav,anger,Anna,hello,train',
    'takes/1.wav,Happiness,Bert,,test',
    'takes/2.wav,calm,Anna,,train',
    'takes/9.wav,sad,Anna,,train',
    '../up.wav,sad,Anna,,train',
    'takes/0.wav,sad,Anna,,train',
  ].join('\n')
  await writeFiles(lab.folder, [...files, { path: 'list.csv', bytes: new TextEncoder().encode(manifest) }])
  const request = {
    dataset: 'own',
    source: { kind: 'folder' as const, path: lab.folder },
    layout: { kind: 'manifest' as const, path: 'list.csv' },
  }
  const { counts } = await lab.ingest(request)
  expect(counts).toEqual({ found: 6, total: 6, stored: 2, unchanged: 0, rejected: 4 })
  const { rows } = await lab.db.query('select path, label, speaker, word, split from dataset_clips order by path')
  expect(rows).toEqual([
    { path: 'takes/0.wav', label: 'angry', speaker: 'Anna', word: 'hello', split: 'train' },
    { path: 'takes/1.wav', label: 'happy', speaker: 'Bert', word: null, split: 'test' },
  ])
  expect(await rejectedCodes()).toEqual({
    'takes/2.wav': 'unknown_label',
    'takes/9.wav': 'missing_file',
    '../up.wav': 'unsafe_path',
    'list.csv#L7': 'listed_twice',
  })

  // Mended, it is taken in, and what was wrong is forgotten.
  await writeFiles(lab.folder, [
    {
      path: 'list.csv',
      bytes: new TextEncoder().encode('path,label,speaker\ntakes/0.wav,sad,Anna\ntakes/2.wav,fear,Anna\n'),
    },
  ])
  expect((await lab.ingest(request)).counts).toEqual({ found: 2, total: 2, stored: 2, unchanged: 0, rejected: 0 })
  expect(await rejectedCodes()).toEqual({})
})

async function rejectedCodes(): Promise<Record<string, string>> {
  const { rows } = await lab.db.query<{ path: string; code: string; message: string }>(
    'select path, code, message from rejected_files',
  )
  for (const { message } of rows) expect(message.length).toBeGreaterThan(20)
  return Object.fromEntries(rows.map(({ path, code }) => [path, code]))
}

async function labels(): Promise<Record<string, number>> {
  const { rows } = await lab.db.query<{ label: string; count: number }>(
    'select label, count(*) as count from dataset_clips group by label order by label',
  )
  return Object.fromEntries(rows.map(({ label, count }) => [label, count]))
}

afterAll(() => {
  recordings = []
})
