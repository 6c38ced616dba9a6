import { hannWindow } from '../hann-window.ts'
import type { Kernels } from '../kernels.ts'
import { powerSpectrum } from '../power-spectrum.ts'
import { FRAME_SAMPLES } from './find-speech.ts'
import { createPairSpectra } from './pair-spectra.ts'
import { VOICE_HOP, VOICE_RATE } from './voice-spec.ts'

const N_FFT = 512
export const BINS = N_FFT / 2 + 1
export const BIN_HZ = VOICE_RATE / N_FFT

/** Passes over the power spectra of a recording's frames in their order, over the window's energy; each is valid until the next. */
export type TransformFrames = (
  speech: Float32Array,
  frames: number,
  visit: (power: Float64Array, frame: number) => void,
) => void

export function createFrameTransform(): TransformFrames {
  const window = hannWindow(FRAME_SAMPLES)
  const toPower = powerSpectrum(N_FFT)
  const packed = { re: new Float64Array(N_FFT / 2), im: new Float64Array(N_FFT / 2) }
  const power = new Float64Array(BINS)
  const energy = windowEnergy()
  return (speech, frames, visit) => {
    for (let frame = 0; frame < frames; frame++) {
      const start = frame * VOICE_HOP - FRAME_SAMPLES / 2
      packed.re.fill(0)
      packed.im.fill(0)
      const end = Math.min(FRAME_SAMPLES, speech.length - start)
      for (let i = Math.max(0, -start); i < end; i++) {
        ;(i % 2 === 0 ? packed.re : packed.im)[i >> 1] = window[i] * speech[start + i]
      }
      toPower(packed, power)
      for (let bin = 0; bin < BINS; bin++) power[bin] /= energy
      visit(power, frame)
    }
  }
}

/** The same by WebAssembly kernels, two frames at once, to the last bit. */
export function createFastFrameTransform(kernels: Kernels): TransformFrames {
  const { run, kernelMemory } = kernels
  const spectra = createPairSpectra(kernels, { windowSamples: FRAME_SAMPLES, nFft: N_FFT, centred: false })
  const rows = [0, 1].map(() => kernelMemory.reserve(BINS * 8))
  const energy = windowEnergy()
  return (speech, frames, visit) => {
    const powers = rows.map((row) => kernelMemory.floats64(row, BINS))
    for (let frame = 0; frame < frames; frame++) {
      if (frame % 2 === 0) {
        spectra.transform(speech, frame)
        run.splitPairs(spectra.power, BINS, rows[0], rows[1])
      }
      const power = powers[frame & 1]
      for (let bin = 0; bin < BINS; bin++) power[bin] /= energy
      visit(power, frame)
    }
  }
}

function windowEnergy(): number {
  return hannWindow(FRAME_SAMPLES).reduce((sum, weight) => sum + weight * weight, 0)
}
