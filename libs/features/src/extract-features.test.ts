import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createExtractor } from './create-extractor.ts'
import { FeatureError } from './errors.ts'
import { extractFeatures, extractFrames } from './extract-features.ts'
import { defaultFeatureSpec, featureNames } from './feature-spec.ts'

const RATE = 22_050

function sine(hz: number, count: number, gain = 0.5): Float32Array {
  return Float32Array.from({ length: count }, (_, n) => gain * Math.sin((2 * Math.PI * hz * n) / RATE))
}

/** Slaney's scale. */
function mel(hz: number): number {
  return hz < 1000 ? (hz * 3) / 200 : 15 + (Math.log(hz / 1000) * 27) / Math.log(6.4)
}

describe('extractFeatures', () => {
  it('finds a sine in the mel band around its frequency', () => {
    // Band b is centred where mel(hz) is (b + 1) / 129 of mel(11025 Hz).
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 10_500 }), (hz) => {
        const bands = extractFeatures(sine(hz, 8192)).subarray(0, 128)
        const expected = (mel(hz) / mel(RATE / 2)) * 129 - 1
        expect(Math.abs(bands.indexOf(Math.max(...bands)) - expected)).toBeLessThanOrEqual(1)
      }),
      { numRuns: 40 },
    )
  })

  it('scales with the level: mel by its square, RMS by it, ZCR not at all', () => {
    const [quiet, loud] = [extractFeatures(sine(440, 9000, 0.1)), extractFeatures(sine(440, 9000, 0.4))]
    for (const i of [3, 17, 60]) expect(loud[i] / quiet[i]).toBeCloseTo(16, 3)
    expect(loud[169] / quiet[169]).toBeCloseTo(4, 5)
    expect(loud[168]).toBe(quiet[168])
    // 16 times the power is 12.04 dB in each of 128 bands: that much times sqrt(128) in the first coefficient alone.
    expect(loud[128] - quiet[128]).toBeCloseTo(10 * Math.log10(16) * Math.sqrt(128), 3)
    expect(loud[140]).toBeCloseTo(quiet[140], 3)
  })

  it('takes silence as no power, -100 dB and no crossing', () => {
    const values = extractFeatures(new Float32Array(5000))
    expect(values.subarray(0, 128).every((value) => value === 0)).toBe(true)
    expect(values[128]).toBeCloseTo(-100 * Math.sqrt(128), 3)
    expect(values.subarray(129, 168).every((value) => Math.abs(value) < 1e-4)).toBe(true)
    expect([values[168], values[169]]).toEqual([0, 0])
  })

  it('takes recordings that are shorter than a frame, even one sample', () => {
    for (const count of [1, 2, 511, 512, 2047]) {
      const values = extractFeatures(sine(440, count))
      expect(values.length).toBe(170)
      expect(values.every(Number.isFinite)).toBe(true)
    }
  })

  it.each([
    ['empty', new Float32Array(0)],
    ['not_finite', Float32Array.of(0, Number.NaN, 0)],
    ['not_finite', Float32Array.of(0, Infinity, -Infinity)],
  ])('refuses what has no features: %s', (code, samples) => {
    expect(() => extractFeatures(samples)).toThrow(expect.objectContaining({ code, kind: 'bad-input' }))
  })

  it.each([{ nFft: 1000 }, { nFft: 32 }, { nMfcc: 129 }, { nMels: 20 }, { hopLength: 1.5 }, { sampleRate: 100 }])(
    'refuses the spec %o',
    (change) => {
      expect(() => createExtractor({ ...defaultFeatureSpec, ...change })).toThrow(FeatureError)
    },
  )
})

describe('createExtractor', () => {
  it('gives what extractFeatures gives, whatever it met before', () => {
    const extractor = createExtractor()
    const signals = [sine(300, 30_000), sine(5000, 700), new Float32Array(100), sine(80, 12_345)]
    for (const signal of [...signals, ...signals.reverse()]) {
      expect(extractor.extract(signal)).toEqual(extractFeatures(signal))
    }
  })

  it('returns values of their own, not its buffers', () => {
    const extractor = createExtractor()
    const first = extractor.extract(sine(300, 5000))
    const frames = extractor.extractFrames(sine(300, 5000))
    const copies = [Float32Array.from(first), Float32Array.from(frames.mel)]
    extractor.extract(sine(4000, 5000))
    expect([first, frames.mel]).toEqual(copies)
  })
})

describe('extractFrames', () => {
  it('has the vector as its mean over time', () => {
    const signal = sine(700, 10_000).map((sample, n) => sample * Math.sin(n / 900))
    const values = extractFeatures(signal)
    const frames = extractFrames(signal)
    expect(frames.frameCount).toBe(1 + Math.floor(10_000 / 512))
    const mean = (matrix: Float32Array, column: number, columns: number): number => {
      let sum = 0
      for (let frame = 0; frame < frames.frameCount; frame++) sum += matrix[frame * columns + column]
      return sum / frames.frameCount
    }
    expect(mean(frames.mel, 20, 128) / values[20]).toBeCloseTo(1, 5)
    expect(mean(frames.mfcc, 3, 40)).toBeCloseTo(values[131], 4)
    expect(mean(frames.zcr, 0, 1)).toBeCloseTo(values[168], 6)
    expect(mean(frames.rms, 0, 1)).toBeCloseTo(values[169], 6)
  })
})

describe('featureNames', () => {
  it('names every value of the vector', () => {
    const names = featureNames()
    expect(names.length).toBe(170)
    expect([names[0], names[127], names[128], names[167], names[168], names[169]]).toEqual([
      'mel_0',
      'mel_127',
      'mfcc_0',
      'mfcc_39',
      'zcr',
      'rms',
    ])
  })
})
