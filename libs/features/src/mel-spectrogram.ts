import type { LibrosaSpec } from './feature-spec.ts'
import { hannWindow } from './hann-window.ts'
import { melFilters } from './mel-filters.ts'
import { powerSpectrum } from './power-spectrum.ts'

/** Writes the mel spectrogram of `samples` into `mel`, row-major [frame][band], power. */
export type MelSpectrogram = (samples: Float32Array, frameCount: number, mel: Float64Array) => void

/**
 * librosa.feature.melspectrogram: centred frames (zeros before the first and after the last sample), periodic Hann
 * window, power spectrum, Slaney mel filters. librosa keeps float32 between the steps; here all is float64.
 */
export function melSpectrogram(spec: LibrosaSpec): MelSpectrogram {
  const { nFft, hopLength, nMels } = spec
  const half = nFft >> 1
  const window = hannWindow(nFft)
  const transform = powerSpectrum(nFft)
  const filters = melFilters(spec)
  const packed = { re: new Float64Array(half), im: new Float64Array(half) }
  const power = new Float64Array(half + 1)
  return (samples, frameCount, mel) => {
    for (let frame = 0; frame < frameCount; frame++) {
      packFrame(samples, frame * hopLength - half, window, packed)
      transform(packed, power)
      for (let band = 0; band < nMels; band++) {
        const end = filters.offset[band + 1]
        let bin = filters.start[band]
        let sum = 0
        for (let i = filters.offset[band]; i < end; i++) sum += filters.weights[i] * power[bin++]
        mel[frame * nMels + band] = sum
      }
    }
  }
}

/** Windows the frame that begins at `start` (which may lie outside the samples: zeros) as even + i odd samples. */
function packFrame(
  samples: Float32Array,
  start: number,
  window: Float64Array,
  packed: { re: Float64Array; im: Float64Array },
): void {
  const { re, im } = packed
  const length = window.length
  if (start >= 0 && start + length <= samples.length) {
    for (let i = 0, n = 0; n < length; i++, n += 2) {
      re[i] = samples[start + n] * window[n]
      im[i] = samples[start + n + 1] * window[n + 1]
    }
    return
  }
  const at = (n: number): number => (start + n >= 0 && start + n < samples.length ? samples[start + n] * window[n] : 0)
  for (let i = 0, n = 0; n < length; i++, n += 2) {
    re[i] = at(n)
    im[i] = at(n + 1)
  }
}
