import { requireRange, requireSampleRate } from './errors.ts'
import { resampleByRatio } from './resample-by-ratio.ts'

/** `codecRate`: the sample rate of the line (default 8000). */
export type MuLawCodecParams = { readonly codecRate?: number | undefined }

const BIAS = 132
const LARGEST = 32_635

/** ITU-T G.711 mu-law: a 16-bit sample to its code, 0 to 255. */
export function encodeMuLaw(sample: number): number {
  const magnitude = Math.min(Math.abs(sample), LARGEST) + BIAS
  const exponent = 31 - Math.clz32(magnitude) - 7
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | mantissa) & 0xff
}

/** ITU-T G.711 mu-law: a code, 0 to 255, to its 16-bit sample. */
export function decodeMuLaw(code: number): number {
  const bits = ~code & 0xff
  const magnitude = ((((bits & 0x0f) << 3) + BIAS) << ((bits >> 4) & 7)) - BIAS
  return (bits & 0x80) === 0 ? magnitude : -magnitude
}

/**
 * There and back through a mu-law telephone line: band-limited and resampled to 8 kHz, coded with 8 bits a sample (ITU-T G.711), decoded and
 * resampled back. What passes full scale is clipped, as the codec does.
 * @returns as many samples at the input's sample rate; silence stays silence.
 */
export function muLawCodec(
  samples: Float32Array,
  sampleRate: number,
  { codecRate = 8000 }: MuLawCodecParams,
): Float32Array {
  requireSampleRate(sampleRate)
  requireRange('codecRate', codecRate, 1000, 48_000)
  const down = Math.min(1, codecRate / sampleRate)
  const line = resampleByRatio(samples, down, Math.ceil(samples.length * down))
  const decoded = line.map((value) => {
    const sample = Math.max(-32_768, Math.min(32_767, Math.round(value * 32_768)))
    return decodeMuLaw(encodeMuLaw(sample)) / 32_768
  })
  return resampleByRatio(decoded, 1 / down, samples.length)
}
