import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { makeRecordings, writeFiles, type CorpusFile } from './make-corpus.ts'
import { openIngest, type IngestLab } from './open-ingest.ts'

let recordings: CorpusFile[]
let lab: IngestLab
beforeAll(async () => {
  lab = await openIngest()
  recordings = await makeRecordings(2)
})
beforeEach(async () => {
  await writeFiles(lab.folder, recordings)
})
afterEach(() => lab.empty())
afterAll(() => lab.close())

const ingest = () => lab.ingest({ dataset: 'small', source: { kind: 'folder', path: lab.folder } })

/** One that is not in the folder. */
async function anotherRecording(): Promise<CorpusFile> {
  const more = await makeRecordings(3)
  return more.find(({ path }) => !recordings.some((each) => each.path === path))!
}

async function registered(path: string): Promise<string | undefined> {
  const { rows } = await lab.db.query<{ label: string }>('select label from dataset_clips where path = $1', [path])
  return rows[0]?.label
}

test('updates a path whose content changed, and enqueues just the new clip', async () => {
  await ingest()
  const before = await lab.state()
  const [other] = await makeRecordings(3).then((more) =>
    more.filter(({ path }) => !recordings.some((r) => r.path === path)),
  )
  await writeFiles(lab.folder, [{ path: recordings[0].path, bytes: other.bytes }])
  expect((await ingest()).counts).toMatchObject({ stored: 1, unchanged: recordings.length - 1, rejected: 0 })
  const after = await lab.state()
  expect(after).toMatchObject({ paths: before.paths, clips: before.clips + 1, objects: before.objects + 1 })
  expect(lab.logged.at(-1)).toMatchObject({ fields: { uploaded: 1 } })
})

test('takes a file in that was rejected and has been mended, and out again when it breaks', async () => {
  const path = 'OAF_sad/OAF_mended_sad.wav'
  await writeFiles(lab.folder, [{ path, bytes: new TextEncoder().encode('broken') }])
  expect((await ingest()).counts.rejected).toBe(1)
  const other = await anotherRecording()
  await writeFiles(lab.folder, [{ path, bytes: other.bytes }])
  expect((await ingest()).counts).toMatchObject({ stored: 1, rejected: 0 })
  expect(await lab.state()).toMatchObject({ rejected: 0, paths: recordings.length + 1 })
  await writeFiles(lab.folder, [{ path, bytes: new Uint8Array(0) }])
  expect((await ingest()).counts).toMatchObject({ stored: 0, rejected: 1 })
  expect(await registered(path)).toBeUndefined()
})

test('forgets that a file was rejected when it is gone from the only source', async () => {
  const path = 'OAF_sad/OAF_text_sad.wav'
  await writeFiles(lab.folder, [{ path, bytes: new TextEncoder().encode('no recording') }])
  await ingest()
  expect(await lab.state()).toMatchObject({ rejected: 1 })
  await rm(join(lab.folder, path))
  await ingest()
  expect(await lab.state()).toMatchObject({ rejected: 0 })
})

test('takes a file that was moved to its right folder for moved, not for a conflict', async () => {
  await ingest()
  const from = recordings.find(({ path }) => path.endsWith('_angry.wav'))!.path
  const to = from.replaceAll('angry', 'sad').replace('_sad.wav', 'x_sad.wav')
  await mkdir(dirname(join(lab.folder, to)), { recursive: true })
  await rename(join(lab.folder, from), join(lab.folder, to))
  expect((await ingest()).counts).toMatchObject({ stored: 1, rejected: 0 })
  expect([await registered(from), await registered(to)]).toEqual([undefined, 'sad'])
})

test('follows two files whose contents were exchanged', async () => {
  await ingest()
  const angry = recordings.find(({ path }) => path.startsWith('OAF') && path.endsWith('_angry.wav'))!
  const sad = recordings.find(({ path }) => path.startsWith('OAF') && path.endsWith('_sad.wav'))!
  await writeFiles(lab.folder, [
    { path: angry.path, bytes: sad.bytes },
    { path: sad.path, bytes: angry.bytes },
  ])
  // In batches of one, the first sees the second as it was registered before.
  const request = { dataset: 'small', source: { kind: 'folder' as const, path: lab.folder } }
  expect((await lab.ingest(request, { batchFiles: 1 })).counts).toMatchObject({ stored: 2, rejected: 0 })
  expect((await ingest()).counts).toMatchObject({ stored: 0, rejected: 0, unchanged: recordings.length })
})

test('rejects the later of two paths that give the same bytes different labels, whatever the batches', async () => {
  const rival = 'YAF_sad/YAF_zzz_sad.wav'
  await writeFiles(lab.folder, [{ path: rival, bytes: recordings[0].bytes }])
  for (const batchFiles of [1, 64]) {
    const request = { dataset: `by-${batchFiles}`, source: { kind: 'folder' as const, path: lab.folder } }
    expect((await lab.ingest(request, { batchFiles })).counts).toMatchObject({ rejected: 1 })
  }
  const { rows } = await lab.db.query('select path, code from rejected_files')
  expect(rows).toEqual([
    { path: rival, code: 'conflicting_label' },
    { path: rival, code: 'conflicting_label' },
  ])
})

test('enqueues for another feature set all clips, and nothing is stored again', async () => {
  await ingest()
  const before = await lab.state()
  const { counts } = await lab.ingest({
    dataset: 'small',
    source: { kind: 'folder', path: lab.folder },
    featureSet: { nMels: 64 },
  })
  expect(counts).toMatchObject({ stored: 0, unchanged: recordings.length })
  const after = await lab.state()
  expect(after).toMatchObject({ clips: before.clips, objects: before.objects })
  expect(after.featureJobs).toBe(2 * before.featureJobs)
})
