import { complexFft, type SplitComplex } from '@ser/kernels'

/**
 * Makes |X[k]|^2 for k = 0 .. size/2 of `size` real samples (a power of two, at least 4).
 *
 * The samples are taken as size/2 complex numbers, even ones real and odd ones imaginary; one complex transform Z
 * of half the size then holds both halves' spectra, E = (Z[k] + conj Z[-k]) / 2 and O = (Z[k] - conj Z[-k]) / 2i,
 * and X[k] = E + exp(-2 pi i k / size) O. The bins k and size/2 - k need the same E and O, so they are made together.
 */
export function powerSpectrum(size: number): (packed: SplitComplex, power: Float64Array) => void {
  const half = size >> 1
  const transform = complexFft(half)
  const cos = Float64Array.from({ length: (half >> 1) + 1 }, (_, k) => Math.cos((2 * Math.PI * k) / size))
  const sin = Float64Array.from({ length: (half >> 1) + 1 }, (_, k) => Math.sin((2 * Math.PI * k) / size))
  return (packed, power) => {
    const { re, im } = transform(packed)
    power[0] = (re[0] + im[0]) ** 2
    power[half] = (re[0] - im[0]) ** 2
    for (let k = 1, mirror = half - 1; k <= mirror; k++, mirror--) {
      const evenRe = 0.5 * (re[k] + re[mirror])
      const evenIm = 0.5 * (im[k] - im[mirror])
      const oddRe = 0.5 * (im[k] + im[mirror])
      const oddIm = 0.5 * (re[mirror] - re[k])
      const turnedRe = cos[k] * oddRe + sin[k] * oddIm
      const turnedIm = cos[k] * oddIm - sin[k] * oddRe
      power[k] = (evenRe + turnedRe) ** 2 + (evenIm + turnedIm) ** 2
      power[mirror] = (evenRe - turnedRe) ** 2 + (evenIm - turnedIm) ** 2
    }
  }
}
