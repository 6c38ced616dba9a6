import { parentPort, workerData } from 'node:worker_threads'
import { failureKind } from '@ser/contracts'
import { pictureSpectrogram } from './picture-spectrogram.ts'
import type { SpectrogramAnswer } from './create-spectrograms.ts'

/** The thread's only work; a refusal goes as data, because an error loses its code and kind on the way between threads. */
async function answer(): Promise<SpectrogramAnswer> {
  try {
    return { picture: await pictureSpectrogram(new Uint8Array(workerData)) }
  } catch (error) {
    if (!(error instanceof Error) || failureKind(error) !== 'bad-input') throw error
    return { refused: { code: 'code' in error ? String(error.code) : error.name, message: error.message } }
  }
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
parentPort?.postMessage(await answer())
