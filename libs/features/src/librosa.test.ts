import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createExtractor } from './create-extractor.ts'
import type { FeatureFrames } from './extractor.ts'
import { defaultFeatureSpec, type LibrosaSpec } from './feature-spec.ts'

// Made by fixtures/make_features.py, which makes the same signals.
type Fixture = {
  cases: { signal: string; spec: Partial<LibrosaSpec>; exact: number[]; usual: number[] }[]
  frames: { signal: string; count: number; spec: Partial<LibrosaSpec>; values: Record<string, number[][]> }
}
const fixture: Fixture = JSON.parse(readFileSync(new URL('../fixtures/librosa-features.json', import.meta.url), 'utf8'))

const SIGNALS: Record<string, () => Float32Array> = {
  noise: () => noise(22_050, 0.25, 1),
  sweep: () => sweep(28_000, 0.5),
  'loud then quiet': () => Float32Array.from([...sweep(9000, 0.5), ...sweep(9000, 0.00005)]),
  'shorter than a frame': () => noise(700, 0.5, 7),
  'one sample': () => Float32Array.of(0.5),
  constant: () => new Float32Array(5000).fill(0.25),
  silence: () => new Float32Array(3000),
}

function noise(count: number, gain: number, seed: number): Float32Array {
  let state = seed
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return gain * ((state >>> 8) / 2 ** 24 - 0.5)
  })
}

function sweep(count: number, gain: number): Float32Array {
  let phase = 0
  let step = 20_000_000
  return Float32Array.from({ length: count }, () => {
    phase = (phase + step) % 2 ** 32
    step += 12_000
    return gain * (Math.abs(phase / 2 ** 31 - 1) * 2 - 1)
  })
}

describe('features against librosa 0.11', () => {
  it.each(fixture.cases)('are librosa’s for $signal at $spec.sampleRate Hz', ({ signal, spec, exact, usual }) => {
    const full = { ...defaultFeatureSpec, ...spec }
    const values = createExtractor(full).extract(SIGNALS[signal]())
    expect(values.length).toBe(full.nMels + full.nMfcc + 2)
    const loudest = Math.max(...exact.slice(0, full.nMels))
    values.forEach((value, i) => {
      if (i < full.nMels) {
        // The kernels' float32, against librosa in float64; the last term is for bands that are nearly empty.
        expectWithin(value, exact[i], 2e-6 * exact[i] + 1e-13 * loudest)
        expectWithin(value, usual[i], 2e-6 * usual[i] + 1e-10 * loudest)
      } else if (i < full.nMels + full.nMfcc) {
        expectWithin(value, exact[i], 3e-5 * Math.max(Math.abs(exact[i]), 1))
        expectWithin(value, usual[i], 2e-4)
      } else expectWithin(value, exact[i], 1.5e-7 * exact[i])
    })
  })

  it('are librosa’s in every frame', () => {
    const { signal, count, spec, values } = fixture.frames
    const frames = createExtractor({ ...defaultFeatureSpec, ...spec, pooling: 'frames' }).extractFrames(
      SIGNALS[signal]().subarray(0, count),
    )
    expect(frames.frameCount).toBe(values['mel'].length)
    for (const group of ['mel', 'mfcc', 'zcr', 'rms'] as const satisfies (keyof FeatureFrames)[]) {
      const expected = values[group].flat()
      const loudest = Math.max(...expected)
      expect(frames[group].length).toBe(expected.length)
      frames[group].forEach((value, i) => {
        expectWithin(
          value,
          expected[i],
          group === 'mel'
            ? powerTolerance(expected[i], loudest)
            : (group === 'mfcc' ? 2e-4 : 4e-7) * Math.max(Math.abs(expected[i]), group === 'mfcc' ? 1 : 0),
        )
      })
    }
  })
})

function expectWithin(actual: number, expected: number, tolerance: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance)
}

/** Float32: every amplitude of a frame, the root of a power, is off by a share of the loudest one. */
function powerTolerance(power: number, loudest: number): number {
  const amplitude = Math.sqrt(power) * 1e-6 + Math.sqrt(loudest) * 3e-7
  return 2 * Math.sqrt(power) * amplitude + amplitude * amplitude
}
