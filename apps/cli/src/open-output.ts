import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { CliError, EXIT } from './cli-error.ts'

export type Output = {
  /** Resolves when more may be written; false when nobody reads any more (`| head`). */
  readonly write: (content: string | Uint8Array) => Promise<boolean>
  readonly close: () => Promise<void>
}

/** Standard output, or a file that is written anew. */
export async function openOutput(path: string | undefined): Promise<Output> {
  if (path === undefined || path === '-') return toStream(process.stdout, async () => {})
  const stream = createWriteStream(path)
  try {
    await once(stream, 'open')
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new CliError(EXIT.refused, 'FILE_NOT_WRITABLE', `${path} cannot be written (${reason})`, error)
  }
  return toStream(stream, async () => {
    stream.end()
    await once(stream, 'close')
  })
}

function toStream(stream: Writable, close: () => Promise<void>): Output {
  // Every write hears of its own failure.
  stream.on('error', () => {})
  return {
    write: (content) =>
      new Promise((resolve, reject) => {
        stream.write(content, (error) => {
          if (!error) resolve(true)
          else if ('code' in error && error.code === 'EPIPE') resolve(false)
          else reject(error)
        })
      }),
    close,
  }
}
