import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { findRecordings } from '../compare-librosa/find-recordings.ts'

export type Corpus = {
  readonly folder: string
  readonly recordings: number
  readonly remove: () => Promise<void>
}

/** The folder itself; or with a limit so many of its recordings, evenly taken, in a temporary folder. */
export async function chooseRecordings(folder: string, limit?: number): Promise<Corpus> {
  const files = await findRecordings(folder)
  if (limit === undefined || limit >= files.length)
    return { folder, recordings: files.length, remove: () => Promise.resolve() }
  const copy = await mkdtemp(join(tmpdir(), 'ser-augmented-'))
  for (let index = 0; index < limit; index++) {
    const file = files[Math.floor((index * files.length) / limit)]
    const target = join(copy, relative(folder, file))
    await mkdir(dirname(target), { recursive: true })
    await copyFile(file, target)
  }
  return { folder: copy, recordings: limit, remove: () => rm(copy, { recursive: true }) }
}
