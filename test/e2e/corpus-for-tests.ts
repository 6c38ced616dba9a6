import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { syntheticCorpus } from '@ser/corpus'

export type TestCorpus = {
  readonly folder: string
  readonly recordings: number
  readonly files: readonly string[]
  readonly remove: () => Promise<void>
}

/** The real recordings where TESS_DIR names them, else a synthetic corpus of 2 speakers x `words` words x 7 emotions. */
export async function corpusForTests(words: number): Promise<TestCorpus> {
  const real = process.env['TESS_DIR']
  if (real !== undefined) return { ...(await listRecordings(real)), remove: async () => {} }
  const folder = await mkdtemp(join(tmpdir(), 'ser-e2e-'))
  for await (const { path, bytes } of syntheticCorpus({ words })) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), bytes)
  }
  return { ...(await listRecordings(folder)), remove: () => rm(folder, { recursive: true }) }
}

async function listRecordings(folder: string) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const wavs = files.filter((file) => file.endsWith('.wav'))
  return { folder, recordings: wavs.length, files: wavs.sort() }
}
