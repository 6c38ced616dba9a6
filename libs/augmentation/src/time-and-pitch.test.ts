import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dbOfAmplitude, rms } from './levels.ts'
import { powerAt, sine, strongestHz, voice, whiteNoise } from './make-test-signals.ts'
import { measureAverageSpectrum } from './measure-average-spectrum.ts'
import { perturbVocalTractLength, unwarpFrequency } from './perturb-vocal-tract-length.ts'
import { pitchShift } from './pitch-shift.ts'
import { shift } from './shift.ts'
import { timeStretch } from './time-stretch.ts'

const RATE = 24_000

describe('timeStretch', () => {
  it('gives the length that the rate says', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.25, max: 4, noNaN: true }), fc.integer({ min: 1, max: 5000 }), (rate, length) => {
        const y = timeStretch(whiteNoise(length, 1), RATE, { rate })
        expect(y.length).toBe(Math.max(1, Math.round(length / rate)))
        expect(timeStretch(whiteNoise(length, 1), RATE, { rate, keepLength: true }).length).toBe(length)
      }),
      { numRuns: 30 },
    )
  })

  it.each([0.7, 0.9, 1.1, 1.4])('keeps pitch and level at rate %f', (rate) => {
    for (const hz of [110, 440, 1700]) {
      const x = sine(hz, 1.5, RATE)
      const y = timeStretch(x, RATE, { rate })
      const found = strongestHz(y, RATE, { from: hz * 0.97, to: hz * 1.03, stepHz: hz / 500 })
      expect(Math.abs(found / hz - 1)).toBeLessThan(0.004)
      const inner = y.subarray(2000, -2000)
      expect(Math.abs(dbOfAmplitude(rms(inner) / rms(x)))).toBeLessThan(0.3)
    }
  })

  it('keeps the harmonics of a voice where they were, and moves its events in time', () => {
    const x = voice(150, [600, 1400], 1, RATE)
    const y = timeStretch(x, RATE, { rate: 0.8 })
    expect(strongestHz(y, RATE, { from: 120, to: 180, stepHz: 0.5 })).toBeCloseTo(150, 0)
    const click = new Float32Array(RATE)
    click.fill(0.5, 12_000, 12_040)
    const moved = timeStretch(click, RATE, { rate: 0.8 })
    const at = moved.indexOf(moved.reduce((most, value) => Math.max(most, value), 0))
    // To within the search: 10 ms.
    expect(Math.abs(at - 12_020 / 0.8)).toBeLessThan(0.012 * RATE)
  })

  it('gives the input at rate 1', () => {
    const x = whiteNoise(1000, 2)
    expect(timeStretch(x, RATE, { rate: 1 })).toEqual(x)
  })
})

describe('pitchShift', () => {
  it.each([-4, -1, 0.5, 3, 12])('moves a tone by %f semitones and keeps length and level', (semitones) => {
    const x = sine(440, 1.5, RATE)
    const y = pitchShift(x, RATE, { semitones })
    const wanted = 440 * 2 ** (semitones / 12)
    expect(y.length).toBe(x.length)
    const found = strongestHz(y, RATE, { from: wanted * 0.97, to: wanted * 1.03, stepHz: wanted / 500 })
    expect(Math.abs(found / wanted - 1)).toBeLessThan(0.004)
    expect(Math.abs(dbOfAmplitude(rms(y.subarray(3000, -3000)) / rms(x)))).toBeLessThan(0.4)
  })

  it('gives the input at 0 semitones', () => {
    const x = whiteNoise(1000, 3)
    expect(pitchShift(x, RATE, { semitones: 0 })).toEqual(x)
  })
})

/** The frequency around which a formant's energy lies, from the smoothed average spectrum. */
function formantHz(samples: Float32Array, from: number, to: number): number {
  const { power, hzPerBin } = measureAverageSpectrum([samples], RATE)
  let weighted = 0
  let total = 0
  for (let k = Math.round(from / hzPerBin); k <= Math.round(to / hzPerBin); k++) {
    weighted += k * hzPerBin * power[k]
    total += power[k]
  }
  return weighted / total
}

describe('perturbVocalTractLength', () => {
  it.each([0.85, 0.92, 1.08, 1.15])('moves a formant by the factor %f and keeps the pitch and the level', (warp) => {
    const pitch = 100
    const x = voice(pitch, [1500], 1, RATE)
    const y = perturbVocalTractLength(x, RATE, { warp })
    const moved = formantHz(y, 1500 * warp - 250, 1500 * warp + 250) / formantHz(x, 1250, 1750)
    expect(Math.abs(moved / warp - 1)).toBeLessThan(0.03)
    // Harmonics stay on multiples of the pitch: between two of them there is nothing.
    const harmonic = Math.round((1500 * warp) / pitch) * pitch
    const between = powerAt(y, harmonic + pitch / 2, RATE) / powerAt(y, harmonic, RATE)
    expect(10 * Math.log10(between)).toBeLessThan(-25)
    expect(rms(y) / rms(x)).toBeCloseTo(1, 5)
  })

  it('gives the input at warp 1, and nearly so close to it', () => {
    const x = voice(180, [600, 1400], 0.5, RATE)
    expect(perturbVocalTractLength(x, RATE, { warp: 1 })).toEqual(x)
    const y = perturbVocalTractLength(x, RATE, { warp: 1.0001 })
    expect(rms(y.map((value, i) => value - x[i])) / rms(x)).toBeLessThan(0.01)
  })

  it('warps the axis as Jaitly and Hinton do: straight to the bend, then on to the end', () => {
    for (const warp of [0.8, 0.9, 1.1, 1.3]) {
      expect(unwarpFrequency(1000 * warp, warp, 4800, 12_000)).toBeCloseTo(1000, 8)
      expect(unwarpFrequency(12_000, warp, 4800, 12_000)).toBeCloseTo(12_000, 8)
      const bend = 4800 * Math.min(warp, 1)
      expect(unwarpFrequency(bend + 1e-6, warp, 4800, 12_000)).toBeCloseTo(bend / warp, 4)
    }
  })
})

describe('shift', () => {
  const ramp = Float32Array.from({ length: 100 }, (_, i) => i + 1)

  it('moves later and earlier, silence coming in', () => {
    const later = shift(ramp, 1000, { shiftSeconds: 0.003, fadeSeconds: 0 })
    expect([...later.subarray(0, 3)]).toEqual([0, 0, 0])
    expect([...later.subarray(3)]).toEqual([...ramp.subarray(0, 97)])
    const earlier = shift(ramp, 1000, { shiftSeconds: -0.003, fadeSeconds: 0 })
    expect([...earlier]).toEqual([...ramp.subarray(3), 0, 0, 0])
    expect(rms(shift(ramp, 1000, { shiftSeconds: 7 }))).toBe(0)
  })

  it('rolls over, there and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: -250, max: 250 }), (places) => {
        const roll = { rollover: true, fadeSeconds: 0 }
        const there = shift(ramp, 1000, { shiftSeconds: places / 1000, ...roll })
        expect(there[((places % 100) + 100) % 100]).toBe(1)
        expect(shift(there, 1000, { shiftSeconds: -places / 1000, ...roll })).toEqual(ramp)
      }),
    )
  })

  it('fades at the new edges only', () => {
    const ones = new Float32Array(200).fill(1)
    const y = shift(ones, 1000, { shiftSeconds: 0.05, fadeSeconds: 0.01 })
    expect(y[50]).toBeLessThan(0.05)
    expect(y[61]).toBe(1)
    expect(y[199]).toBe(1)
  })
})
