import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { SerError } from '@ser/contracts'
import { findEntry } from '@ser/processes'
import { drawSpectrogram, type SpectrogramPicture } from '@ser/report'
import { createCache } from './create-cache.ts'

export type SpectrogramAnswer =
  | { readonly picture: SpectrogramPicture }
  | { readonly refused: { readonly code: string; readonly message: string } }

export type Spectrograms = {
  /**
   * The spectrogram of a recording, SVG; kept for a while by the recording's hash.
   * @throws SerError with the decoder's code (bad-input), SPECTROGRAM_FAILED (transient)
   */
  readonly draw: (sha256: string, read: () => Promise<Uint8Array>) => Promise<string>
  readonly close: () => Promise<void>
}

const LIMIT_MS = 60_000

/** Draws in threads, one at a time, so that neither the event loop nor the predictions wait. A thread lives as long as its picture takes. */
export function createSpectrograms(): Spectrograms {
  const kept = createCache<string, string>({ most: 128 })
  let running: Worker | undefined
  let last: Promise<unknown> = Promise.resolve()
  const drawNow = async (recording: Uint8Array): Promise<string> => {
    const { filename, ...options } = findEntry(new URL('./spectrogram-thread.ts', import.meta.url))
    const worker = new Worker(new URL(filename), { ...options, workerData: recording })
    running = worker
    const limit = setTimeout(() => void worker.terminate(), LIMIT_MS)
    try {
      const ended = once(worker, 'exit').then(() => failed('its thread ended', undefined))
      const [answer]: SpectrogramAnswer[] = await Promise.race([once(worker, 'message'), ended])
      if ('picture' in answer) return drawSpectrogram(answer.picture)
      throw new SerError(answer.refused.code, answer.refused.message, { kind: 'bad-input' })
    } catch (error) {
      throw error instanceof SerError ? error : failed(error instanceof Error ? error.message : String(error), error)
    } finally {
      clearTimeout(limit)
      await worker.terminate()
      running = undefined
    }
  }
  return {
    async draw(sha256, read) {
      const known = kept.get(sha256)
      if (known !== undefined) return known
      const recording = await read()
      const drawn = last.then(() => drawNow(recording))
      last = drawn.catch(() => undefined)
      const svg = await drawn
      kept.set(sha256, svg)
      return svg
    },
    close: async () => void (await running?.terminate()),
  }
}

function failed(reason: string, cause: unknown): never {
  throw new SerError('SPECTROGRAM_FAILED', `the spectrogram could not be drawn: ${reason}`, {
    kind: 'transient',
    cause,
  })
}
