import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bitCrush } from './bit-crush.ts'
import { clippingDistortion } from './clipping-distortion.ts'
import { peak, rms } from './levels.ts'
import { largestDifference, powerAt, sine, voice, whiteNoise } from './make-test-signals.ts'
import { decodeMuLaw, encodeMuLaw, muLawCodec } from './mu-law-codec.ts'
import { resampleByRatio } from './resample-by-ratio.ts'
import { tanhDistortion } from './tanh-distortion.ts'

const RATE = 24_000

/** The signal-to-noise ratio of an output that should equal a reference, in dB, away from the ends. */
function agreementDb(output: Float32Array, reference: Float32Array, edge: number): number {
  const inner = reference.subarray(edge, -edge)
  const error = inner.map((value, i) => output[edge + i] - value)
  return 20 * Math.log10(rms(inner) / rms(error))
}

describe('clippingDistortion', () => {
  it('clips the share of samples that was asked for', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 90, noNaN: true }), fc.nat(1e6), (percentileThreshold, seed) => {
        const x = whiteNoise(4000, seed)
        const y = clippingDistortion(x, RATE, { percentileThreshold })
        const changed = y.filter((value, i) => value !== x[i]).length
        expect(Math.abs(changed / 40 - percentileThreshold)).toBeLessThan(0.2)
        expect(peak(y)).toBeLessThanOrEqual(peak(x))
      }),
      { numRuns: 30 },
    )
  })

  it('gives the input at 0', () => {
    const x = whiteNoise(100, 1)
    expect(clippingDistortion(x, RATE, { percentileThreshold: 0 })).toEqual(x)
  })
})

describe('tanhDistortion', () => {
  it('keeps the level and adds odd harmonics, the more the larger the amount', () => {
    const x = sine(500, 0.5, RATE)
    const thirds = [0.01, 0.3, 0.9].map((distortionAmount) => {
      const y = tanhDistortion(x, RATE, { distortionAmount })
      expect(rms(y) / rms(x)).toBeCloseTo(1, 5)
      expect(powerAt(y, 1000, RATE)).toBeLessThan(1e-9)
      return powerAt(y, 1500, RATE) / powerAt(y, 500, RATE)
    })
    expect(thirds[1]).toBeGreaterThan(thirds[0])
    expect(thirds[2]).toBeGreaterThan(3 * thirds[1])
  })
})

describe('bitCrush', () => {
  it('is at most half a step off, on multiples of the step', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 16 }), fc.nat(1e6), (bitDepth, seed) => {
        const x = whiteNoise(200, seed, 0.3)
        const step = 2 ** (1 - bitDepth)
        const y = bitCrush(x, RATE, { bitDepth })
        expect(largestDifference(y, x)).toBeLessThanOrEqual(step / 2 + 1e-7)
        expect(y.every((value) => Number.isInteger(value / step))).toBe(true)
      }),
    )
  })

  it('has the quantisation noise of its depth: 6.02 dB a bit and 1.76', () => {
    const x = sine(997, 1, RATE, 0.999)
    for (const bitDepth of [6, 8, 10]) {
      const ratio = agreementDb(bitCrush(x, RATE, { bitDepth }), x, 1)
      expect(Math.abs(ratio - (6.02 * bitDepth + 1.76))).toBeLessThan(0.5)
    }
  })
})

describe('resampleByRatio', () => {
  it('keeps a tone below the band limit and removes one above it', () => {
    const kept = resampleByRatio(sine(3000, 0.5, RATE), 1 / 3)
    expect(kept.length).toBe(4000)
    expect(agreementDb(kept, sine(3000, 0.5, 8000), 100)).toBeGreaterThan(65)
    const removed = resampleByRatio(sine(5000, 0.5, RATE), 1 / 3)
    expect(20 * Math.log10(rms(removed.subarray(100, -100)) / rms(kept))).toBeLessThan(-70)
  })

  it('gives any ratio, there and back', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.6, max: 1.7, noNaN: true }), (ratio) => {
        const x = sine(1000, 0.3, RATE)
        const back = resampleByRatio(resampleByRatio(x, ratio), 1 / ratio, x.length)
        expect(agreementDb(back, x, 300)).toBeGreaterThan(60)
      }),
      { numRuns: 10 },
    )
  })
})

describe('mu-law', () => {
  it('codes as ITU-T G.711 does', () => {
    // Code words of the standard's table 2a: 0 is 0xff, the largest positive 0x80, the largest negative 0x00.
    expect([0, -1, 32_767, -32_768, 1000, -1000].map(encodeMuLaw)).toEqual([0xff, 0x7f, 0x80, 0x00, 0xce, 0x4e])
    expect([0xff, 0x7f, 0x80, 0x00].map(decodeMuLaw)).toEqual([0, -0, 32_124, -32_124])
  })

  it('decodes every code to a sample that codes to it again', () => {
    for (let code = 0; code < 256; code++) {
      // Negative zero's code, 0x7f, decodes to zero, whose code is 0xff.
      expect(encodeMuLaw(decodeMuLaw(code))).toBe(code === 0x7f ? 0xff : code)
    }
  })

  it('keeps speech below 3.4 kHz at 30 dB and more, and nothing above 4 kHz', () => {
    const x = voice(150, [500, 1500], 1, RATE)
    const y = muLawCodec(x, RATE, {})
    expect(y.length).toBe(x.length)
    const band = sine(1000, 1, RATE)
    expect(agreementDb(muLawCodec(band, RATE, {}), band, 500)).toBeGreaterThan(30)
    const above = muLawCodec(sine(6000, 1, RATE), RATE, {})
    expect(20 * Math.log10(rms(above.subarray(500, -500)))).toBeLessThan(-55)
  })

  it('works on recordings at and below its own rate', () => {
    const x = sine(500, 0.2, 8000)
    expect(agreementDb(muLawCodec(x, 8000, {}), x, 1)).toBeGreaterThan(30)
    expect(muLawCodec(x, 6000, {}).length).toBe(x.length)
  })
})
