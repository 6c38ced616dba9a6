import { designHighPass, designLowPass, type Biquad } from './biquad.ts'
import { requireInteger } from './errors.ts'

/** The quality factors of a Butterworth filter's second-order sections; an odd order has a first-order section besides. */
function sectionQs(order: number): number[] {
  requireInteger('order', order, 1, 16)
  return Array.from(
    { length: Math.floor(order / 2) },
    (_, k) => 1 / (2 * Math.sin(((2 * k + 1) * Math.PI) / (2 * order))),
  )
}

/** Butterworth low pass: -3 dB at the cut-off, then 6 dB per octave and order (bilinear transform). */
export function designButterworthLowPass(cutoffHz: number, order: number, sampleRate: number): Biquad[] {
  const sections = sectionQs(order).map((q) => designLowPass(cutoffHz, q, sampleRate))
  if (order % 2 === 0) return sections
  const k = Math.tan((Math.PI * cutoffHz) / sampleRate)
  return [...sections, { b0: k / (1 + k), b1: k / (1 + k), b2: 0, a1: (k - 1) / (k + 1), a2: 0 }]
}

/** Butterworth high pass: -3 dB at the cut-off, below it 6 dB per octave and order (bilinear transform). */
export function designButterworthHighPass(cutoffHz: number, order: number, sampleRate: number): Biquad[] {
  const sections = sectionQs(order).map((q) => designHighPass(cutoffHz, q, sampleRate))
  if (order % 2 === 0) return sections
  const k = Math.tan((Math.PI * cutoffHz) / sampleRate)
  return [...sections, { b0: 1 / (1 + k), b1: -1 / (1 + k), b2: 0, a1: (k - 1) / (k + 1), a2: 0 }]
}
