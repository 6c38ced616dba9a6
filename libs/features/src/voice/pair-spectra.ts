import { fftTwiddles, type KernelMemory } from '@ser/kernels'
import { hannWindow } from '../hann-window.ts'
import type { Kernels } from '../kernels.ts'
import { VOICE_HOP } from './voice-spec.ts'

const HOP_BYTES = VOICE_HOP * 4
const PAIR_BYTES = 16

type PairOptions = {
  /** Samples of a frame, an even number. */
  readonly windowSamples: number
  /** Size of the transform: twice a power of four. */
  readonly nFft: number
  /** Whether each frame's mean is taken from it. */
  readonly centred: boolean
}

/** The power spectra of the frames of a recording, two neighbours at a time, in the kernels' memory (assembly/pair-spectrum.ts). */
export type PairSpectra = {
  /** Makes the power of a frame and of the next one, windowed (Hann): pairs of nFft / 2 + 1 bins, float64, at `power`. */
  transform(samples: Float32Array, frame: number): void
  readonly power: number
  /** Address of the largest magnitude of each, where they are centred. */
  readonly peak: number
}

export function createPairSpectra(
  { run, kernelMemory }: Kernels,
  { windowSamples, nFft, centred }: PairOptions,
): PairSpectra {
  const half = nFft / 2
  const tables = kernelMemory.reserve(20)
  const window = putFloats64(kernelMemory, hannWindow(windowSamples))
  const twiddles = putFloats64(kernelMemory, flatTwiddles(half))
  const turns = putFloats64(kernelMemory, turnsOf(nFft))
  const [data, scratch] = [0, 1].map(() => kernelMemory.reserve(half * 2 * PAIR_BYTES))
  kernelMemory.integers(tables, 5).set([window, twiddles, turns, data, scratch])
  const pair = kernelMemory.reserve(windowSamples * PAIR_BYTES)
  const power = kernelMemory.reserve((half + 1) * PAIR_BYTES)
  const peak = kernelMemory.reserve(PAIR_BYTES)
  const length = windowSamples + VOICE_HOP
  const both = kernelMemory.reserve(length * 4)
  return {
    power,
    peak,
    transform(samples, frame) {
      copyBoth(samples, frame * VOICE_HOP - windowSamples / 2, kernelMemory.floats32(both, length))
      run.takePair(both, HOP_BYTES, windowSamples, pair)
      if (centred) run.centrePair(pair, windowSamples, peak)
      run.pairSpectrum(pair, windowSamples, nFft, tables, power)
    },
  }
}

/** The samples from `start` on, zeros where there are none. */
function copyBoth(samples: Float32Array, start: number, target: Float32Array): void {
  const before = Math.max(-start, 0)
  const end = Math.max(Math.min(samples.length - start, target.length), before)
  target.fill(0, 0, before).fill(0, end)
  target.set(samples.subarray(start + before, start + end), before)
}

export function putFloats64(kernelMemory: KernelMemory, values: Float64Array): number {
  const address = kernelMemory.reserve(values.length * 8)
  kernelMemory.floats64(address, values.length).set(values)
  return address
}

/** The turns of all passes of a transform, one after the other. */
export function flatTwiddles(size: number): Float64Array {
  return Float64Array.from(fftTwiddles(size).flatMap((pass) => [...pass]))
}

/** Cosine and sine of 2 pi k / nFft in turn, for a quarter of the circle. */
function turnsOf(nFft: number): Float64Array {
  return Float64Array.from({ length: nFft / 2 + 2 }, (_, i) => {
    const angle = (2 * Math.PI * (i >> 1)) / nFft
    return i % 2 === 0 ? Math.cos(angle) : Math.sin(angle)
  })
}
