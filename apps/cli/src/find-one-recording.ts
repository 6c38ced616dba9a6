import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Source } from '@ser/contracts'

/** The first recording of a folder, by name; none of an archive, which `ser predict` cannot look into. */
export async function findOneRecording(source: Source): Promise<string | undefined> {
  if (source.kind !== 'folder') return undefined
  const names = await readdir(source.path, { recursive: true })
  const first = names.filter((name) => /\.wav$/i.test(name)).sort()[0]
  return first === undefined ? undefined : join(source.path, first)
}
