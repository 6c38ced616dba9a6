import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { syntheticCorpus } from '@ser/corpus'

export type CorpusFile = { readonly path: string; readonly bytes: Uint8Array }

/** The recordings of a small synthetic corpus: `words` x 2 speakers x 7 emotions. */
export async function makeRecordings(words: number): Promise<CorpusFile[]> {
  const files: CorpusFile[] = []
  for await (const file of syntheticCorpus({ words })) files.push(file)
  return files
}

/** Odd files as real datasets have them, and what must become of each. */
export function makeOddFiles(recordings: readonly CorpusFile[]) {
  const [first] = recordings
  return {
    files: [
      { path: 'OAF_angry/OAF_zero_angry.wav', bytes: new Uint8Array(0) },
      { path: 'OAF_sad/OAF_text_sad.wav', bytes: new TextEncoder().encode('this is no recording') },
      { path: 'OAF_calm/OAF_bat_calm.wav', bytes: first.bytes },
      { path: 'OAF_sad/OAF_large_sad.wav', bytes: new Uint8Array(2 ** 20 + 1) },
      { path: 'OAF_neutral/OA_aiff_neutral.wav', bytes: makeAiff(2000) },
      // The same bytes twice: under the same label one more path, under another label a conflict.
      { path: first.path.replace(/_[a-z]+_([a-z]+\.wav)$/, '_zzz_$1'), bytes: first.bytes },
      { path: 'YAF_sad/YAF_zzz_sad.wav', bytes: first.bytes },
      { path: 'ReadMe.txt', bytes: new TextEncoder().encode('about') },
      { path: 'OAF_sad/.DS_Store', bytes: new Uint8Array(10) },
      { path: '__MACOSX/OAF_sad/._OAF_x_sad.wav', bytes: new Uint8Array(10) },
    ],
    /** Recordings among them that are new content, paths that are registered besides the corpus, and what is passed over. */
    newClips: 1,
    newPaths: 2,
    ignored: 3,
    rejected: {
      'OAF_angry/OAF_zero_angry.wav': 'empty',
      'OAF_calm/OAF_bat_calm.wav': 'unknown_label',
      'OAF_sad/OAF_large_sad.wav': 'too_large',
      'OAF_sad/OAF_text_sad.wav': 'not_audio',
      'YAF_sad/YAF_zzz_sad.wav': 'conflicting_label',
    },
  }
}

export async function writeFiles(folder: string, files: readonly CorpusFile[]): Promise<void> {
  for (const { path, bytes } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), bytes)
  }
}

export async function linkFile(target: string, folder: string, path: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await symlink(target, join(folder, path))
}

/** A 16-bit mono AIFF of a ramp at 22050 Hz. */
function makeAiff(frames: number): Uint8Array {
  const bytes = Buffer.alloc(54 + 2 * frames)
  bytes.write('FORM', 0)
  bytes.writeUInt32BE(bytes.length - 8, 4)
  bytes.write('AIFFCOMM', 8)
  bytes.writeUInt32BE(18, 16)
  bytes.writeUInt16BE(1, 20)
  bytes.writeUInt32BE(frames, 22)
  bytes.writeUInt16BE(16, 26)
  // 22050 as an 80-bit float: 2^14 times 1.3458...
  bytes.writeUInt16BE(16_383 + 14, 28)
  bytes.writeBigUInt64BE(BigInt(22_050) << 49n, 30)
  bytes.write('SSND', 38)
  bytes.writeUInt32BE(8 + 2 * frames, 42)
  for (let frame = 0; frame < frames; frame++) bytes.writeInt16BE(frame, 54 + 2 * frame)
  return bytes
}
