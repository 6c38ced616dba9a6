import { defaultFeatureSpec } from '@ser/features'
import { writeTables } from '../../../libs/features/src/kernel-tables.ts'
import { loadKernels } from '../../../libs/features/src/kernels.ts'

/** What the mel spectrogram is made of, in the order in which mel_spectrogram.c reads it. */
export type MelInput = { readonly head: Int32Array; readonly parts: readonly Uint8Array[] }

/** The mel spectrogram's kernel alone, and what it works on. */
export type MelKernel = {
  /** Copies a recording into the kernel's memory. */
  load(samples: Float32Array): MelInput
  /** [frames, made a multiple of four][bands]; valid until the next. */
  run(): Float32Array
}

export function createMelKernel(): MelKernel {
  const kernels = loadKernels()
  if (!kernels) throw new Error('WebAssembly with SIMD is missing here')
  const { run, kernelMemory } = kernels
  const { nFft, hopLength } = defaultFeatureSpec
  const tables = writeTables(kernelMemory, defaultFeatureSpec)
  const [window, twiddles, turns, places, , , filters, columns] = kernelMemory.integers(tables.melSpectrogram, 8)
  const copy = (address: number, count: number): Uint8Array =>
    new Uint8Array(kernelMemory.integers(address, count).slice().buffer)
  const counts = { filters: (columns - filters) / 4, twiddles: (turns - twiddles) / 4 }
  let frames = 0
  let recording = { padded: 0, mel: 0 }
  return {
    load(samples) {
      frames = 1 + Math.floor(samples.length / hopLength)
      const rows = Math.ceil(frames / 4) * 4
      const length = Math.max((rows - 1) * hopLength, samples.length) + nFft
      const [padded, mel] = kernelMemory.reserveForOne(length * 4, rows * tables.bands * 4)
      recording = { padded, mel }
      const view = kernelMemory.floats32(padded, length).fill(0)
      view.set(samples, nFft / 2)
      return {
        head: Int32Array.of(frames, nFft, hopLength, tables.bands, length, counts.filters, counts.twiddles),
        parts: [
          copy(window, nFft),
          copy(twiddles, counts.twiddles),
          copy(turns, nFft / 2 + 2),
          copy(places, nFft / 2),
          copy(filters, counts.filters),
          copy(padded, length),
        ],
      }
    },
    run() {
      const { padded, mel } = recording
      run.melSpectrogram(padded, frames, nFft, hopLength, tables.bands, tables.melSpectrogram, mel)
      return kernelMemory.floats32(mel, Math.ceil(frames / 4) * 4 * tables.bands)
    },
  }
}
