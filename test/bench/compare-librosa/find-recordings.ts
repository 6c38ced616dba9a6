import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

const EXTENSIONS = /\.(wav|wave|aif|aiff|aifc|flac|mp3|ogg|oga|opus)$/i

/** The recordings below a folder by their names, sorted, as absolute or relative as the folder is given. */
export async function findRecordings(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && EXTENSIONS.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
