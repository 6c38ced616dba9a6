import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { makeRecordings, writeFiles, type CorpusFile } from './make-corpus.ts'
import { openIngest, type IngestLab } from './open-ingest.ts'

let lab: IngestLab
beforeAll(async () => {
  lab = await openIngest()
})
afterEach(() => lab.empty())
afterAll(() => lab.close())

/** Recordings of the synthetic corpus under other names, each with bytes of its own. */
async function renamed(paths: readonly string[]): Promise<CorpusFile[]> {
  const recordings = await makeRecordings(2)
  return paths.map((path, index) => ({ path, bytes: recordings[index].bytes }))
}

const labelled = async () => {
  const { rows } = await lab.db.query<{ path: string; label: string; speaker: string; word: string | null }>(
    'select path, label, speaker, word from dataset_clips order by path',
  )
  return rows
}

test('ingests RAVDESS by its file names, keeps calm, and says why songs and misplaced files are left out', async () => {
  const files = await renamed([
    'Actor_01/03-01-02-01-01-01-01.wav',
    'Actor_01/03-01-05-02-02-01-01.wav',
    'Actor_02/03-01-08-01-01-02-02.wav',
    'Actor_02/03-02-03-01-01-01-02.wav',
    'Actor_02/03-01-03-01-01-01-01.wav',
    'Actor_02/03-01-09-01-01-01-02.wav',
  ])
  await writeFiles(lab.folder, [...files, { path: 'README.md', bytes: new Uint8Array(3) }])
  const request = {
    dataset: 'ravdess',
    source: { kind: 'folder', path: lab.folder },
    layout: { kind: 'ravdess' },
  } as const
  const ingestion = await lab.ingest(request)
  expect(ingestion).toMatchObject({
    status: 'completed',
    counts: { found: 6, total: 6, stored: 3, unchanged: 0, rejected: 3 },
  })
  const kids = 'kids are talking by the door'
  expect(await labelled()).toEqual([
    { path: 'Actor_01/03-01-02-01-01-01-01.wav', label: 'calm', speaker: 'Actor_01', word: kids },
    {
      path: 'Actor_01/03-01-05-02-02-01-01.wav',
      label: 'angry',
      speaker: 'Actor_01',
      word: 'dogs are sitting by the door',
    },
    { path: 'Actor_02/03-01-08-01-01-02-02.wav', label: 'surprise', speaker: 'Actor_02', word: kids },
  ])
  const { rows: rejected } = await lab.db.query<{ path: string; code: string }>(
    'select path, code from rejected_files order by path',
  )
  expect(rejected).toEqual([
    { path: 'Actor_02/03-01-03-01-01-01-01.wav', code: 'folder_contradicts_name' },
    { path: 'Actor_02/03-01-09-01-01-01-02.wav', code: 'unknown_label' },
    { path: 'Actor_02/03-02-03-01-01-01-02.wav', code: 'not_speech' },
  ])
})

test.each([
  ['emo-db', ['wav/03a01Fa.wav', 'wav/16b10Lb.wav'], ['happy', 'boredom']],
  ['crema-d', ['AudioWAV/1001_DFA_ANG_XX.wav', 'AudioWAV/1040_ITH_SAD_X.wav'], ['angry', 'sad']],
  ['savee', ['AudioData/DC/a01.wav', 'AudioData/KL/su15.wav'], ['angry', 'surprise']],
] as const)('ingests %s by its file names', async (kind, paths, labels) => {
  await writeFiles(lab.folder, await renamed(paths))
  const source = { kind: 'folder', path: lab.folder } as const
  expect((await lab.ingest({ dataset: kind, source, layout: { kind } })).counts).toMatchObject({
    stored: 2,
    rejected: 0,
  })
  expect((await labelled()).map(({ path, label }) => [path, label])).toEqual(paths.map((path, i) => [path, labels[i]]))
})

const ravdess = process.env['RAVDESS_DIR']
test.skipIf(ravdess === undefined)('ingests the published recordings of RAVDESS without a rejection', async () => {
  const request = {
    dataset: 'ravdess',
    source: { kind: 'folder', path: ravdess! },
    layout: { kind: 'ravdess' },
  } as const
  const { counts, status } = await lab.ingest(request, { roots: [ravdess!], batchFiles: 64 })
  expect({ status, rejected: counts.rejected }).toEqual({ status: 'completed', rejected: 0 })
  expect(counts.stored).toBeGreaterThanOrEqual(480)
  const { rows } = await lab.db.query<{ labels: number; words: number }>(
    'select count(distinct label) as labels, count(distinct word) as words from dataset_clips',
  )
  expect(rows).toEqual([{ labels: 8, words: 2 }])
})
