import type { Biquad } from './biquad.ts'
import { requireInteger } from './errors.ts'

type Complex = { readonly re: number; readonly im: number }

function squareRoot({ re, im }: Complex): Complex {
  const size = Math.hypot(re, im)
  const root = Math.sqrt((size + Math.abs(re)) / 2)
  if (root === 0) return { re: 0, im: 0 }
  if (re >= 0) return { re: root, im: im / (2 * root) }
  return { re: Math.abs(im) / (2 * root), im: im < 0 ? -root : root }
}

/** z = (1 + s) / (1 - s), for frequencies warped by tan(pi f / sampleRate). */
function bilinear({ re, im }: Complex): Complex {
  const size = (1 - re) ** 2 + im * im
  return { re: (1 - re * re - im * im) / size, im: (2 * im) / size }
}

/** The two band-pass poles of a low-pass prototype pole p: the roots of s^2 - p w s + c^2. */
function bandPoles(prototype: Complex, width: number, center: number): [Complex, Complex] {
  const half = { re: (prototype.re * width) / 2, im: (prototype.im * width) / 2 }
  const root = squareRoot({ re: half.re ** 2 - half.im ** 2 - center * center, im: 2 * half.re * half.im })
  return [
    bilinear({ re: half.re + root.re, im: half.im + root.im }),
    bilinear({ re: half.re - root.re, im: half.im - root.im }),
  ]
}

/** Zeros at 0 Hz and at half the sample rate, two poles (sum and product given), gain 1 at the angle. */
function section(sum: number, product: number, angle: number): Biquad {
  const a1 = -sum
  const a2 = product
  const re = 1 + a1 * Math.cos(angle) + a2 * Math.cos(2 * angle)
  const im = -a1 * Math.sin(angle) - a2 * Math.sin(2 * angle)
  const gain = Math.hypot(re, im) / (2 * Math.sin(angle))
  return { b0: gain, b1: 0, b2: -gain, a1, a2 }
}

/**
 * Butterworth band pass of `order` sections: -3 dB at both edges, 0 dB between, 6 dB per octave and order beyond
 * (the low-pass prototype's poles moved to the band, then the bilinear transform; as scipy's `butter(order, [low, high], "band")`).
 */
export function designButterworthBandPass(
  { lowHz, highHz }: { readonly lowHz: number; readonly highHz: number },
  order: number,
  sampleRate: number,
): Biquad[] {
  requireInteger('order', order, 1, 16)
  const low = Math.tan((Math.PI * lowHz) / sampleRate)
  const high = Math.tan((Math.PI * highHz) / sampleRate)
  const width = high - low
  const center = Math.sqrt(low * high)
  const angle = 2 * Math.atan(center)
  const sections: Biquad[] = []
  // Poles of the upper half plane; their conjugates complete each section. An odd order has one on the real axis.
  for (let k = 1; 2 * k <= order; k++) {
    const phase = (Math.PI * (2 * k + order - 1)) / (2 * order)
    for (const pole of bandPoles({ re: Math.cos(phase), im: Math.sin(phase) }, width, center)) {
      sections.push(section(2 * pole.re, pole.re ** 2 + pole.im ** 2, angle))
    }
  }
  if (order % 2 === 1) {
    const [first, second] = bandPoles({ re: -1, im: 0 }, width, center)
    sections.push(section(first.re + second.re, first.re * second.re - first.im * second.im, angle))
  }
  return sections
}
