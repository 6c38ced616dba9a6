import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addBabbleNoise } from './add-babble-noise.ts'
import { addBackgroundNoise } from './add-background-noise.ts'
import { addColorNoise, generateColorNoise, NOISE_COLOR_DECAYS, NOISE_COLORS } from './add-color-noise.ts'
import { addGaussianNoise } from './add-gaussian-noise.ts'
import { addPeakNoise } from './add-peak-noise.ts'
import { addSpeechShapedNoise, generateSpeechShapedNoise } from './add-speech-shaped-noise.ts'
import { peak, rms } from './levels.ts'
import { loopRecording } from './loop-recording.ts'
import { largestDifference, voice, whiteNoise } from './make-test-signals.ts'
import { measureActiveLevel } from './measure-active-level.ts'
import { measureAverageSpectrum } from './measure-average-spectrum.ts'
import { createRandom } from './random.ts'

const RATE = 16_000
const SPEECH = voice(140, [600, 1200, 2500], 1.5, RATE)
const VOICES = [110, 150, 190, 230].map((pitch) => voice(pitch, [500 + pitch, 1500, 2600], 1, RATE))

/** The SNR in dB that a result has: what was added is its difference to the input. */
function measuredSnr(noisy: Float32Array, speech: Float32Array): number {
  return 20 * Math.log10(rms(speech) / rms(noisy.map((value, i) => value - speech[i])))
}

type AtSnr = (snrDb: number, seed: number, reference?: 'whole' | 'active') => Float32Array
const NOISES: Record<string, AtSnr> = {
  ...Object.fromEntries(
    NOISE_COLORS.map((color): [string, AtSnr] => [
      color,
      (snrDb, seed, reference) => addColorNoise(SPEECH, RATE, { snrDb, color, reference }, createRandom(seed)),
    ]),
  ),
  babble: (snrDb, seed, reference) =>
    addBabbleNoise(SPEECH, RATE, { snrDb, voices: VOICES, reference }, createRandom(seed)),
  'speech-shaped': (snrDb, seed, reference) =>
    addSpeechShapedNoise(SPEECH, RATE, { snrDb, voices: VOICES, reference }, createRandom(seed)),
  background: (snrDb, seed, reference) =>
    addBackgroundNoise(SPEECH, RATE, { snrDb, noise: whiteNoise(9000, 3), reference }, createRandom(seed)),
}

describe.each(Object.entries(NOISES))('%s noise', (_, atSnr) => {
  it('has the SNR that was asked for, to 0.1 dB', () => {
    fc.assert(
      fc.property(fc.double({ min: -10, max: 40, noNaN: true }), fc.nat(1e6), (snrDb, seed) => {
        const noisy = atSnr(snrDb, seed)
        expect(noisy.length).toBe(SPEECH.length)
        expect(Math.abs(measuredSnr(noisy, SPEECH) - snrDb)).toBeLessThan(0.1)
      }),
      { numRuns: 15 },
    )
  })

  it('can refer to the active level instead, which is higher', () => {
    const added = atSnr(10, 1, 'active').map((value, i) => value - SPEECH[i])
    expect(20 * Math.log10(measureActiveLevel(SPEECH, RATE) / rms(added))).toBeCloseTo(10, 1)
  })

  it('comes out the same for the same seed, and differently for another', () => {
    expect(largestDifference(atSnr(5, 1), atSnr(5, 1))).toBe(0)
    expect(largestDifference(atSnr(5, 1), atSnr(5, 2))).toBeGreaterThan(0.001)
  })
})

/** dB per octave of a power spectrum, by least squares over logarithmic frequency. */
function slopePerOctave(noise: Float64Array, from: number, to: number): number {
  const { power, hzPerBin } = measureAverageSpectrum([Float32Array.from(noise)], RATE)
  const points = Array.from(power, (value, k) => [Math.log2(k * hzPerBin), 10 * Math.log10(value)])
    .slice(Math.ceil(from / hzPerBin), Math.floor(to / hzPerBin))
    // Every octave counts the same, although it has twice the bins of the one below.
    .map(([x, y]) => [x, y, 2 ** -x])
  const weight = points.reduce((sum, [, , w]) => sum + w, 0)
  const meanX = points.reduce((sum, [x, , w]) => sum + w * x, 0) / weight
  const meanY = points.reduce((sum, [, y, w]) => sum + w * y, 0) / weight
  return (
    points.reduce((sum, [x, y, w]) => sum + w * (x - meanX) * (y - meanY), 0) /
    points.reduce((sum, [x, , w]) => sum + w * (x - meanX) ** 2, 0)
  )
}

describe('generateColorNoise', () => {
  it.each(NOISE_COLORS)('%s noise has its slope from 200 to 6000 Hz, to 0.3 dB per octave', (color) => {
    const noise = generateColorNoise(2 ** 18, RATE, color, createRandom(11))
    expect(Math.abs(slopePerOctave(noise, 200, 6000) - NOISE_COLOR_DECAYS[color])).toBeLessThan(0.3)
  })

  it('takes a slope in dB per octave as a colour', () => {
    const noise = generateColorNoise(2 ** 18, RATE, -4.5, createRandom(12))
    expect(Math.abs(slopePerOctave(noise, 200, 6000) + 4.5)).toBeLessThan(0.3)
  })
})

describe('generateSpeechShapedNoise', () => {
  it('has the average spectrum of the voices, to 1.5 dB in bands of 500 Hz', () => {
    const noise = generateSpeechShapedNoise(2 ** 18, RATE, VOICES, createRandom(13))
    const wanted = measureAverageSpectrum(VOICES, RATE)
    const got = measureAverageSpectrum([Float32Array.from(noise)], RATE)
    const band = ({ power, hzPerBin }: typeof wanted, index: number) => {
      const bins = power.subarray(Math.round((index * 500) / hzPerBin), Math.round(((index + 1) * 500) / hzPerBin))
      return 10 * Math.log10(bins.reduce((sum, value) => sum + value, 0))
    }
    const offset = band(got, 1) - band(wanted, 1)
    for (let index = 0; index < 14; index++) {
      expect(Math.abs(band(got, index) - band(wanted, index) - offset)).toBeLessThan(1.5)
    }
  })
})

describe('addGaussianNoise', () => {
  it('adds noise of the amplitude asked for, to silence too', () => {
    const noisy = addGaussianNoise(new Float32Array(50_000), RATE, { amplitude: 0.02 }, createRandom(1))
    expect(Math.abs(rms(noisy) / 0.02 - 1)).toBeLessThan(0.02)
  })
})

describe('addPeakNoise', () => {
  it('adds noise in proportion to the peak', () => {
    const noisy = addPeakNoise(SPEECH, RATE, { peakFraction: 0.035 }, createRandom(1))
    const added = noisy.map((value, i) => value - SPEECH[i])
    expect(Math.abs(rms(added) / (0.035 * peak(SPEECH)) - 1)).toBeLessThan(0.03)
  })
})

describe('loopRecording', () => {
  it('crops a longer recording, at places that differ', () => {
    const recording = Float32Array.from({ length: 1000 }, (_, i) => i)
    const starts = new Set(
      Array.from({ length: 20 }, (_, seed) => loopRecording(recording, 10, RATE, createRandom(seed))[0]),
    )
    expect(starts.size).toBeGreaterThan(10)
    const stretch = loopRecording(recording, 10, RATE, createRandom(1))
    expect([...stretch]).toEqual(Array.from({ length: 10 }, (_, i) => stretch[0] + i))
  })

  it('repeats a shorter recording without a jump at the seam', () => {
    // A slow wave that does not end where it began: joined end to end it would jump by 1.
    const recording = Float32Array.from({ length: 2000 }, (_, i) => Math.sin((Math.PI * i) / 4000))
    const stretch = loopRecording(recording, 20_000, RATE, createRandom(1))
    const steps = Array.from(stretch.subarray(1), (value, i) => Math.abs(value - stretch[i]))
    expect(Math.max(...steps)).toBeLessThan(0.1)
    expect(rms(stretch.subarray(15_000))).toBeGreaterThan(0.3)
  })

  it('repeats even a single sample', () => {
    expect([...loopRecording(Float32Array.of(0.5), 3, RATE, createRandom(1))]).toEqual([0.5, 0.5, 0.5])
  })
})

describe('resources that cannot serve', () => {
  it('are refused with a reason', () => {
    const silent = [new Float32Array(100)]
    const random = createRandom(1)
    expect(() => addBackgroundNoise(SPEECH, RATE, { noise: new Float32Array(0), snrDb: 5 }, random)).toThrow(
      'no samples',
    )
    expect(() => addBabbleNoise(SPEECH, RATE, { voices: silent, snrDb: 5 }, random)).toThrow('at least one voice')
    expect(() => addSpeechShapedNoise(SPEECH, RATE, { voices: [], snrDb: 5 }, random)).toThrow('at least one voice')
  })
})
