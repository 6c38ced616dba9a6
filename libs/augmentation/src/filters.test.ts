import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bandPassFilter } from './band-pass-filter.ts'
import { designHighShelf, designLowShelf, designPeaking, gainDbAt } from './biquad.ts'
import { designButterworthBandPass } from './butterworth-band-pass.ts'
import { designButterworthHighPass, designButterworthLowPass } from './butterworth.ts'
import { highPassFilter } from './high-pass-filter.ts'
import { highShelfFilter } from './high-shelf-filter.ts'
import { lowPassFilter } from './low-pass-filter.ts'
import { lowShelfFilter } from './low-shelf-filter.ts'
import { largestDifference, powerAt, sine, whiteNoise } from './make-test-signals.ts'
import { peakingFilter } from './peaking-filter.ts'
import { createRandom } from './random.ts'
import { drawEqBands, sevenBandParametricEq } from './seven-band-parametric-eq.ts'
import { telephoneBand } from './telephone-band.ts'

const RATE = 24_000

/** What a filter does to a sine of a frequency, in dB, after its transient. */
function measuredGainDb(filter: (samples: Float32Array) => Float32Array, hz: number): number {
  const input = sine(hz, 1, RATE)
  const output = filter(input)
  return 10 * Math.log10(powerAt(output.subarray(RATE / 2), hz, RATE) / powerAt(input.subarray(RATE / 2), hz, RATE))
}

const orders = fc.integer({ min: 1, max: 10 })

describe('Butterworth designs', () => {
  it('are 3 dB down at their edges at every order, and flat within', () => {
    fc.assert(
      fc.property(orders, fc.double({ min: 200, max: 9000, noNaN: true }), (order, hz) => {
        const low = designButterworthLowPass(hz, order, RATE)
        const high = designButterworthHighPass(hz, order, RATE)
        expect(gainDbAt(low, hz, RATE)).toBeCloseTo(-3.0103, 3)
        expect(gainDbAt(high, hz, RATE)).toBeCloseTo(-3.0103, 3)
        expect(gainDbAt(low, 0.001, RATE)).toBeCloseTo(0, 4)
        expect(gainDbAt(high, RATE / 2 - 0.001, RATE)).toBeCloseTo(0, 4)
      }),
    )
  })

  it('equal the magnitude of the analogue prototype at warped frequencies', () => {
    fc.assert(
      fc.property(orders, fc.double({ min: 100, max: 11_000, noNaN: true }), (order, hz) => {
        const warp = (f: number) => Math.tan((Math.PI * f) / RATE)
        const low = -10 * Math.log10(1 + (warp(hz) / warp(2000)) ** (2 * order))
        expect(gainDbAt(designButterworthLowPass(2000, order, RATE), hz, RATE)).toBeCloseTo(low, 4)
        const [w1, w2] = [warp(800), warp(3000)]
        const detuning = (warp(hz) ** 2 - w1 * w2) / (warp(hz) * (w2 - w1))
        const band = -10 * Math.log10(1 + detuning ** (2 * order))
        const sections = designButterworthBandPass({ lowHz: 800, highHz: 3000 }, order, RATE)
        expect(sections.length).toBe(order)
        expect(gainDbAt(sections, hz, RATE)).toBeCloseTo(band, 4)
      }),
    )
  })

  it('fall by 6 dB per octave and order', () => {
    for (const order of [1, 2, 4, 7]) {
      const sections = designButterworthHighPass(3000, order, 192_000)
      const octave = gainDbAt(sections, 200, 192_000) - gainDbAt(sections, 100, 192_000)
      expect(octave).toBeCloseTo(6.02 * order, 1)
    }
  })
})

describe('cookbook designs', () => {
  it('have their gain where they should, and none elsewhere', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -24, max: 24, noNaN: true }),
        fc.double({ min: 300, max: 6000, noNaN: true }),
        (gainDb, hz) => {
          const peaking = [designPeaking(hz, gainDb, 2, RATE)]
          expect(gainDbAt(peaking, hz, RATE)).toBeCloseTo(gainDb, 5)
          expect(gainDbAt(peaking, 0, RATE)).toBeCloseTo(0, 5)
          const low = [designLowShelf(hz, gainDb, 0.7, RATE)]
          expect(gainDbAt(low, 0, RATE)).toBeCloseTo(gainDb, 5)
          expect(gainDbAt(low, hz, RATE)).toBeCloseTo(gainDb / 2, 5)
          expect(gainDbAt(low, RATE / 2, RATE)).toBeCloseTo(0, 5)
          const high = [designHighShelf(hz, gainDb, 0.7, RATE)]
          expect(gainDbAt(high, RATE / 2, RATE)).toBeCloseTo(gainDb, 5)
          expect(gainDbAt(high, hz, RATE)).toBeCloseTo(gainDb / 2, 5)
          expect(gainDbAt(high, 0, RATE)).toBeCloseTo(0, 5)
        },
      ),
    )
  })
})

describe('filters on signals', () => {
  it('do to sines what their design says', () => {
    const cases: [(samples: Float32Array) => Float32Array, number, number][] = [
      [(x) => lowPassFilter(x, RATE, { cutoffHz: 1000, order: 4 }), 1000, -3.01],
      [(x) => lowPassFilter(x, RATE, { cutoffHz: 1000, order: 4 }), 100, 0],
      [(x) => highPassFilter(x, RATE, { cutoffHz: 1000, order: 3 }), 1000, -3.01],
      [(x) => bandPassFilter(x, RATE, { centerHz: 2000, bandwidthFraction: 1 }), 1000, -3.01],
      [(x) => bandPassFilter(x, RATE, { centerHz: 2000, bandwidthFraction: 1 }), 3000, -3.01],
      [(x) => peakingFilter(x, RATE, { centerHz: 1500, gainDb: 9 }), 1500, 9],
      [(x) => lowShelfFilter(x, RATE, { centerHz: 1000, gainDb: -8 }), 40, -8],
      [(x) => highShelfFilter(x, RATE, { centerHz: 1000, gainDb: 5 }), 11_000, 5],
      [(x) => telephoneBand(x, RATE, {}), 300, -3.01],
      [(x) => telephoneBand(x, RATE, {}), 3400, -3.01],
      [(x) => telephoneBand(x, RATE, {}), 1000, 0],
    ]
    for (const [filter, hz, db] of cases) expect(Math.abs(measuredGainDb(filter, hz) - db)).toBeLessThan(0.05)
    expect(measuredGainDb((x) => telephoneBand(x, RATE, {}), 150)).toBeLessThan(-23)
    expect(measuredGainDb((x) => telephoneBand(x, RATE, {}), 6800)).toBeLessThan(-48)
  })

  it('are linear', () => {
    const bands = drawEqBands(createRandom(1), [-12, 12])
    const filters = [
      (x: Float32Array) => lowPassFilter(x, RATE, { cutoffHz: 900, order: 5 }),
      (x: Float32Array) => highPassFilter(x, RATE, { cutoffHz: 900, order: 2 }),
      (x: Float32Array) => bandPassFilter(x, RATE, { centerHz: 1500, bandwidthFraction: 0.5, order: 3 }),
      (x: Float32Array) => telephoneBand(x, RATE, {}),
      (x: Float32Array) => sevenBandParametricEq(x, RATE, { bands }),
    ]
    const factor = fc.double({ min: -3, max: 3, noNaN: true })
    fc.assert(
      fc.property(fc.nat(1e6), factor, factor, fc.constantFrom(...filters), (seed, p, q, filter) => {
        const a = whiteNoise(400, seed)
        const b = whiteNoise(400, seed + 1)
        const together = filter(a.map((value, i) => p * value + q * b[i]))
        const [fa, fb] = [filter(a), filter(b)]
        const apart = fa.map((value, i) => p * value + q * fb[i])
        expect(largestDifference(together, apart)).toBeLessThan(1e-5)
      }),
    )
  })

  it('leave a recording as it is where it has nothing in their band', () => {
    const x = whiteNoise(100, 1)
    expect(lowPassFilter(x, 8000, { cutoffHz: 5000 })).toEqual(x)
    expect(highShelfFilter(x, 8000, { centerHz: 5000, gainDb: 6 })).toEqual(x)
    expect(peakingFilter(x, 8000, { centerHz: 5000, gainDb: 6 })).toEqual(x)
  })

  it('refuse a band that would leave nothing', () => {
    const x = whiteNoise(100, 1)
    expect(() => highPassFilter(x, 8000, { cutoffHz: 5000 })).toThrow('frequency in Hz')
    expect(() => bandPassFilter(x, 8000, { centerHz: 6000, bandwidthFraction: 0.5 })).toThrow('lower edge')
  })

  it('stay stable at the edges of what they accept', () => {
    const x = whiteNoise(20_000, 1)
    for (const order of [1, 16]) {
      for (const y of [
        lowPassFilter(x, RATE, { cutoffHz: 20, order }),
        highPassFilter(x, RATE, { cutoffHz: 11_700, order }),
        bandPassFilter(x, RATE, { centerHz: 200, bandwidthFraction: 0.05, order }),
      ]) {
        expect(y.every((value) => Number.isFinite(value) && Math.abs(value) < 2)).toBe(true)
      }
    }
  })
})

describe('sevenBandParametricEq', () => {
  it('draws bands within their ranges and is their product', () => {
    const bands = drawEqBands(createRandom(2), [-6, 6])
    expect(bands.length).toBe(7)
    expect(bands.every(({ gainDb }) => Math.abs(gainDb) <= 6)).toBe(true)
    expect(bands.map(({ centerHz }) => centerHz)).toEqual(bands.map(({ centerHz }) => centerHz).sort((a, b) => a - b))
    const sections = bands.map(({ centerHz, gainDb, q }, index) => {
      const design = index === 0 ? designLowShelf : index === 6 ? designHighShelf : designPeaking
      return design(centerHz, gainDb, q, RATE)
    })
    for (const hz of [60, 500, 3000, 9000]) {
      const measured = measuredGainDb((x) => sevenBandParametricEq(x, RATE, { bands }), hz)
      expect(Math.abs(measured - gainDbAt(sections, hz, RATE))).toBeLessThan(0.05)
    }
  })
})
