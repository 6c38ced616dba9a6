import { createHash } from 'node:crypto'
import { probeAudio, type AudioInfo } from '@ser/audio'
import { failureKind } from '@ser/contracts'
import { systemCode } from './errors.ts'
import type { SourceFile } from './source.ts'

/** A file that proved to be a recording. */
export type Recording = { readonly sha256: string; readonly bytes: Uint8Array; readonly info: AudioInfo }

/** Why a file is not taken in; `sha256` where its content could be read. */
export type FileRejection = {
  readonly path: string
  readonly sha256: string | null
  readonly code: string
  readonly message: string
}

type Content = { readonly sha256: string; readonly bytes: Uint8Array }

/**
 * Reads a file and proves that it is a recording. It is hashed as it comes, in pieces of at most a mebibyte or so, so
 * that timers (the queue's lock) run in between.
 *
 * @returns the recording, or why it is none; what a disk or a network does wrong is thrown and may be tried again
 */
export async function inspectFile(file: SourceFile, maxBytes: number): Promise<Recording | FileRejection> {
  const content = await readFile(file, maxBytes)
  if ('code' in content) return content
  try {
    const info = probeAudio(content.bytes)
    if (info.frames === 0) return reject(file, 'empty', 'the recording has a header but no sample', content.sha256)
    return { ...content, info }
  } catch (error) {
    return rejectBadInput(file, error, content.sha256)
  }
}

async function readFile(file: SourceFile, maxBytes: number): Promise<Content | FileRejection> {
  if (file.bytes !== undefined && file.bytes > maxBytes) return tooLarge(file, maxBytes)
  try {
    return (await readContent(file, maxBytes)) ?? tooLarge(file, maxBytes)
  } catch (error) {
    const code = systemCode(error)
    if (code === 'ENOENT' || code === 'OBJECT_GONE') {
      return reject(file, 'vanished', 'the file was listed but is gone; put it back and ingest again')
    }
    if (code === 'EACCES' || code === 'EPERM') {
      return reject(file, 'unreadable', 'the ingest worker may not read this file; change its permissions')
    }
    return rejectBadInput(file, error, null)
  }
}

async function readContent(file: SourceFile, maxBytes: number): Promise<Content | undefined> {
  const hash = createHash('sha256')
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of await file.open()) {
    length += chunk.length
    if (length > maxBytes) return undefined
    hash.update(chunk)
    chunks.push(chunk)
  }
  const bytes = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, length)
  return { sha256: hash.digest('hex'), bytes }
}

function tooLarge(file: SourceFile, maxBytes: number): FileRejection {
  const mebibytes = Math.floor(maxBytes / 2 ** 20)
  return reject(
    file,
    'too_large',
    `larger than ${mebibytes} MiB; cut it into clips, or raise SER_INGEST_MAX_FILE_BYTES`,
  )
}

function rejectBadInput(file: SourceFile, error: unknown, sha256: string | null): FileRejection {
  if (failureKind(error) !== 'bad-input' || !(error instanceof Error)) throw error
  return reject(file, systemCode(error), error.message, sha256)
}

function reject(file: SourceFile, code: string, message: string, sha256: string | null = null): FileRejection {
  return { path: file.path, sha256, code, message }
}
