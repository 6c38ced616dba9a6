import { readdir, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'

// In a folder; a file that is named is taken whatever its name. Some cannot be decoded: better told than passed over.
const EXTENSIONS = new Set(
  [
    'wav',
    'wave',
    'aif',
    'aiff',
    'aifc',
    'flac',
    'mp3',
    'ogg',
    'oga',
    'opus',
    'webm',
    'weba',
    'mka',
    'm4a',
    'mp4',
    'aac',
    'caf',
    'au',
  ].map((name) => `.${name}`),
)

/** The files that are named and the recordings below the folders that are named, each folder's by name. */
export async function findRecordings(paths: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const path of paths) {
    // What does not exist stays in the list, and is refused by its name.
    const isFolder = await stat(path).then(
      (entry) => entry.isDirectory(),
      () => false,
    )
    if (isFolder) found.push(...(await listFolder(path)))
    else found.push(path)
  }
  return [...new Set(found)]
}

async function listFolder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'))
    .filter(({ name }) => EXTENSIONS.has(extname(name).toLowerCase()))
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort()
}
