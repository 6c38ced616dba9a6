import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createExtractor } from '../create-extractor.ts'
import { FeatureError } from '../errors.ts'
import { extractorVersion, EXTRACTOR_VERSION, defaultFeatureSpec, featureNames } from '../feature-spec.ts'
import { createRowExtractor, createRowExtractors } from '../create-row-extractor.ts'
import { createStreamingExtractor } from '../streaming-extractor.ts'
import { voiceBlockGroups } from './voice-blocks.ts'
import { createFrameDescriber } from './voice-extractor.ts'
import { defaultVoiceBlocksSpec, defaultVoiceSpec, VOICE_EXTRACTOR_VERSION } from './voice-spec.ts'
import { voiceGroups } from './voice-values.ts'

const RATE = 16_000
const fixture: { values: Record<string, Record<string, number>> } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../fixtures/voice-features.json'), 'utf8'),
)
const blocksOf: Record<string, Record<string, number[]>> = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../fixtures/voice-blocks.json'), 'utf8'),
)
const extractor = createExtractor(defaultVoiceSpec)
const names = featureNames(defaultVoiceSpec)
const valuesOf = (samples: Float32Array): Record<string, number> => {
  const vector = extractor.extract(samples)
  return Object.fromEntries(names.map((name, place) => [name, vector[place]]))
}

function noise(count: number, seed: number): Float64Array {
  let state = seed
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 31 - 1
  })
}

/** A voice of two syllables, as fixtures/make_voice.py makes it. */
function glide(): Float64Array {
  return Float64Array.from({ length: 20_800 }, (_, n) => {
    const t = n / RATE
    const phase = 2 * Math.PI * (150 * t + 30 * t * t + 0.4 * Math.sin(2 * Math.PI * 5 * t))
    const hz = 150 + 60 * t + 4 * Math.PI * Math.cos(2 * Math.PI * 5 * t)
    let sum = 0
    for (let h = 1; h < 25; h++) {
      const formants = 1 / (1 + ((h * hz - 700) / 150) ** 2) + 0.5 / (1 + ((h * hz - 1300) / 200) ** 2) + 0.05
      sum += (formants / h) * Math.sin(h * phase)
    }
    return 0.3 * sum * Math.max(0, Math.sin(2 * Math.PI * 1.6 * t - 0.4))
  })
}

const signals: Record<string, () => Float32Array> = {
  glide: () => Float32Array.from(glide()),
  'glide in noise': () => {
    const hiss = noise(20_800, 7)
    return Float32Array.from(glide(), (sample, n) => sample + 0.01 * hiss[n])
  },
  noise: () => Float32Array.from(noise(16_000, 1), (sample) => 0.1 * sample),
  silence: () => new Float32Array(8000),
  'clipped glide': () => Float32Array.from(glide(), (sample) => Math.min(Math.max(8 * sample, -0.5), 0.5)),
}

/** Harmonics of a steady pitch. */
function tone(hz: number, seconds: number, gain = 0.1): Float32Array {
  return Float32Array.from({ length: Math.round(seconds * RATE) }, (_, n) => {
    let sum = 0
    for (let h = 1; h < 10; h++) sum += Math.sin((2 * Math.PI * h * hz * n) / RATE) / h
    return gain * sum
  })
}

describe('the statistics of a voice', () => {
  // The reference computes spectra in float32: decibels of quiet bins, and what is made of them, differ in the fourth digit.
  it.each(Object.keys(signals))('are those of the reference in NumPy: %s', (name) => {
    const [actual, expected] = [valuesOf(signals[name]()), fixture.values[name]]
    expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort())
    const wrong = names.filter(
      (value) => !(Math.abs(actual[value] - expected[value]) <= 1e-3 * Math.max(1, Math.abs(expected[value]))),
    )
    expect(wrong.map((value) => [value, actual[value], expected[value]])).toEqual([])
  })

  it('have 240 names, each once, 124 of them before the details', () => {
    expect(new Set(names).size).toBe(240)
    const details = voiceGroups().find(([group]) => group === 'detail')
    expect(details?.[1].length).toBe(116)
    expect(names.slice(124)).toEqual(details?.[1])
  })

  it.each([80, 130, 220, 350, 550])('find a pitch of %i Hz', (hz) => {
    const { f0_p50: pitch, voiced_fraction: voiced } = valuesOf(tone(hz, 0.6))
    expect(1200 * Math.abs(pitch - Math.log2(hz))).toBeLessThan(5)
    expect(voiced).toBeGreaterThan(0.9)
  })

  it('do not depend on the level of the recording, but for the rounding of samples', () => {
    const [quiet, loud] = [signals['glide in noise'](), signals['glide in noise']()].map((samples, index) =>
      valuesOf(samples.map((sample) => sample * (index === 0 ? 2 ** -6 : 2))),
    )
    for (const name of names) expect(quiet[name]).toBeCloseTo(loud[name], 3)
  })

  it('leave silence around speech out', () => {
    const [bare, padded] = [new Float32Array(0), new Float32Array(8000)].map((silence) =>
      Float32Array.of(...silence, ...tone(200, 0.5), ...silence),
    )
    expect(valuesOf(padded)['duration_log']).toBeCloseTo(Math.log(0.5), 0)
    expect(valuesOf(padded)['f0_p50']).toBeCloseTo(valuesOf(bare)['f0_p50'], 4)
  })

  it('say how clean a voice is', () => {
    const hiss = noise(9600, 3)
    const rough = tone(200, 0.6).map((sample, n) => sample + 0.05 * hiss[n])
    expect(valuesOf(tone(200, 0.6))['hnr_voiced_mean']).toBeGreaterThan(valuesOf(rough)['hnr_voiced_mean'] + 10)
  })

  it.each([1, 2, 159, 160, 400, 640, 1500])('are finite for a recording of %i samples', (count) => {
    for (const samples of [
      tone(200, 0.1).subarray(0, count),
      new Float32Array(count),
      new Float32Array(count).fill(1e30),
    ])
      expect(extractor.extract(samples).every(Number.isFinite)).toBe(true)
  })

  it('are the same whatever the extractor met before', () => {
    const first = Object.values(signals).map((signal) => extractor.extract(signal()))
    const again = Object.values(signals).map((signal) => createExtractor(defaultVoiceSpec).extract(signal()))
    expect(again).toEqual(first)
  })

  it('are those of the whole when a recording comes in blocks', () => {
    const samples = signals['glide']()
    const stream = createStreamingExtractor(defaultVoiceSpec)
    for (let round = 0; round < 2; round++) {
      for (let at = 0; at < samples.length; at += 777) stream.push(samples.subarray(at, at + 777))
      expect(stream.finish()).toEqual(extractor.extract(samples))
    }
  })
})

describe('the blocks of a voice', () => {
  const blockNames = featureNames(defaultVoiceBlocksSpec)
  const extract = createRowExtractor(defaultVoiceBlocksSpec)

  // Of the same descriptors, with the same errors, as the statistics.
  it.each(Object.keys(signals))('are those of the reference in NumPy: %s', (name) => {
    const rows = extract(signals[name]())
    const expected = blocksOf[name]
    expect(Object.keys(expected).sort()).toEqual(blockNames.toSorted())
    expect(rows.length).toBe(expected['f0'].length * blockNames.length)
    const wrong = [...rows].flatMap((actual, at) => {
      const [value, block] = [blockNames[at % blockNames.length], Math.floor(at / blockNames.length)]
      const wanted = expected[value][block]
      return Math.abs(actual - wanted) <= 1e-3 * Math.max(1, Math.abs(wanted)) ? [] : [[value, block, actual, wanted]]
    })
    expect(wrong).toEqual([])
  })

  it('have 42 names, each once, 18 of them before the details', () => {
    expect(new Set(blockNames).size).toBe(42)
    expect(blockNames.slice(18)).toEqual(voiceBlockGroups().find(([group]) => group === 'detail')?.[1])
  })

  it('are as long as asked for', () => {
    const samples = tone(200, 1)
    const rowsOf = (blockMs: number) => createRowExtractor({ ...defaultVoiceBlocksSpec, blockMs })(samples).length / 42
    // A second and both ends of its frames.
    expect(rowsOf(10)).toBe(101)
    expect(rowsOf(100)).toBe(10)
  })

  it.each([1, 160, 400, 640, 1500])('are finite for a recording of %i samples', (count) => {
    for (const blockMs of [10, 60]) {
      const values = createRowExtractor({ ...defaultVoiceBlocksSpec, blockMs })(tone(200, 0.1).subarray(0, count))
      expect(values.length % 42).toBe(0)
      expect(values.every(Number.isFinite)).toBe(true)
    }
  })

  it('come with the statistics, as if each had been asked for alone', () => {
    const samples = signals['glide in noise']()
    const specs = [defaultVoiceBlocksSpec, defaultVoiceSpec, { ...defaultVoiceBlocksSpec }]
    const [blocks, statistics, again] = createRowExtractors(specs)(samples)
    expect(blocks).toEqual(extract(samples))
    expect(statistics).toEqual(extractor.extract(samples))
    expect(again).toBe(blocks)
  })

  it.each([undefined, 0, 65, 1010])('are not of %s ms', (blockMs) => {
    const { blockMs: _, ...spec } = defaultVoiceBlocksSpec
    const refused = blockMs === undefined ? spec : { ...spec, blockMs }
    expect(() => createRowExtractor(refused)).toThrow(expect.objectContaining({ code: 'unsupported_spec' }))
  })
})

describe('voice features', () => {
  it.each([
    ['empty', new Float32Array(0)],
    ['not_finite', Float32Array.of(0, Number.NaN)],
    ['too_long', new Float32Array(600 * RATE + 1)],
  ])('refuse what has none: %s', (code, samples) => {
    expect(() => extractor.extract(samples)).toThrow(expect.objectContaining({ code, kind: 'bad-input' }))
  })

  it('refuse a recording in blocks as soon as it is too long', () => {
    const stream = createStreamingExtractor(defaultVoiceSpec, { maxSeconds: 1 })
    stream.push(new Float32Array(RATE))
    expect(() => stream.push(new Float32Array(1))).toThrow(expect.objectContaining({ code: 'too_long' }))
  })

  it('are of one rate and hop', () => {
    const other = { ...defaultVoiceSpec, sampleRate: 22_050 }
    // @ts-expect-error -- as it may come from outside
    expect(() => createExtractor(other)).toThrow(FeatureError)
  })

  it('have a version of their own', () => {
    expect(extractorVersion(defaultVoiceSpec)).toBe(VOICE_EXTRACTOR_VERSION)
    expect(extractorVersion(defaultFeatureSpec)).toBe(EXTRACTOR_VERSION)
  })
})

describe('the descriptors of a frame', () => {
  it('are the same to the last bit on kernels and in plain TypeScript, whatever the length', () => {
    const [fast, plain] = [createFrameDescriber(), createFrameDescriber(() => undefined)]
    for (const samples of Object.values(signals).map((signal) => signal())) {
      for (const length of [samples.length, 4801, 640, 100, 1]) {
        const part = samples.subarray(0, length)
        expect(fast(part)).toEqual(plain(part))
      }
    }
  })

  it('tell a voice from what is none', () => {
    const describeFrames = createFrameDescriber()
    const { f0, periodicity } = describeFrames(Float32Array.from(noise(16_000, 5)))
    expect(f0.filter((value) => value > 0).length).toBeLessThan(0.05 * f0.length)
    expect(Math.max(...periodicity)).toBeLessThan(0.9)
  })

  it('measure the level, the centroid and the harmonics of a tone', () => {
    const sine = Float32Array.from({ length: 8000 }, (_, n) => Math.sin((2 * Math.PI * 250 * n) / RATE))
    const tracks = createFrameDescriber()(sine)
    expect(tracks.level[20]).toBeCloseTo(0, 1)
    expect(tracks.centroid[20]).toBeCloseTo(Math.log2(250), 1)
    expect(tracks.f0[20]).toBeCloseTo(Math.log2(250), 2)
    expect(tracks.h1_h2[20]).toBeGreaterThan(40)
  })
})
