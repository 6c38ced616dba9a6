import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawStep } from './draw-step.ts'
import { largestDifference, voice, whiteNoise } from './make-test-signals.ts'
import { rms } from './levels.ts'
import { createRandom } from './random.ts'
import { transformStepSchema, type TransformName, type TransformStep } from './recipe-schema.ts'

const RATE = 16_000
const RESOURCES = {
  noise: [{ name: 'n', sampleRate: 12_000, samples: whiteNoise(5000, 1) }],
  voices: [1, 2, 3].map((i) => ({ name: `v${i}`, sampleRate: RATE, samples: voice(100 + 30 * i, [700], 0.5, RATE) })),
  rooms: [{ name: 'r', sampleRate: RATE, samples: Float32Array.of(0, 1, 0.5, -0.2, 0.1) }],
}

/** One setting of every transform; the type makes a forgotten one an error. */
const PARAMS: { readonly [Name in TransformName]: Record<string, unknown> } = {
  AddGaussianNoise: { amplitude: 0.01 },
  AddPeakNoise: { peakFraction: [0, 0.035] },
  AddColorNoise: { snrDb: [0, 20], color: ['white', 'pink', 'brown'] },
  AddBackgroundNoise: { snrDb: 10 },
  AddBabbleNoise: { snrDb: 5, speakers: [1, 3] },
  AddSpeechShapedNoise: { snrDb: 5, reference: 'active' },
  ApplyImpulseResponse: {},
  DecayReverb: { rt60Seconds: [0.1, 0.4], directToReverberantDb: 3 },
  RoomSimulator: { rt60Seconds: 0.3, widthMeters: [3, 6], depthMeters: 4, heightMeters: 2.5, distanceMeters: [0.5, 2] },
  ClippingDistortion: { percentileThreshold: [0, 40] },
  TanhDistortion: { distortionAmount: [0, 1] },
  BitCrush: { bitDepth: [4, 12] },
  MuLawCodec: {},
  TelephoneBand: {},
  LowPassFilter: { cutoffHz: [500, 9000], order: [1, 8] },
  HighPassFilter: { cutoffHz: [50, 1000] },
  BandPassFilter: { centerHz: [500, 3000], bandwidthFraction: [0.2, 1.5] },
  LowShelfFilter: { centerHz: [50, 1000], gainDb: [-12, 12] },
  HighShelfFilter: { centerHz: [1000, 9000], gainDb: [-12, 12] },
  PeakingFilter: { centerHz: [100, 9000], gainDb: [-12, 12], q: [0.5, 5] },
  SevenBandParametricEQ: { gainDb: [-12, 12] },
  Gain: { gainDb: [-12, 12] },
  Shift: { shiftSeconds: [-0.2, 0.2] },
  TimeStretch: { rate: [0.8, 1.25] },
  PitchShift: { semitones: [-4, 4] },
  PerturbVocalTractLength: { warp: [0.85, 1.15] },
}
const STEPS = Object.entries(PARAMS).map(([transform, params]) => transformStepSchema.parse({ transform, params }))

function run({ transform, params }: TransformStep, samples: Float32Array, seed: number) {
  const drawn = drawStep(transform, params, { random: createRandom(seed), resources: RESOURCES })
  return { parameters: drawn.parameters, output: drawn.apply(samples, RATE, createRandom(seed + 1)) }
}

describe.each(STEPS.map((step) => [step.transform, step] as const))('%s', (transform, step) => {
  it('gives finite samples, as many as it says, for any recording of any length', () => {
    const recording = fc.float32Array({ min: -1, max: 1, noNaN: true, maxLength: 600 })
    fc.assert(
      fc.property(recording, fc.nat(1e6), (samples, seed) => {
        const before = samples.slice()
        const { output, parameters } = run(step, samples, seed)
        expect(output).toBeInstanceOf(Float32Array)
        expect(output.every(Number.isFinite)).toBe(true)
        expect(largestDifference(samples, before)).toBe(0)
        const rate = transform === 'TimeStretch' ? Number(parameters['rate']) : 1
        expect(output.length).toBe(samples.length === 0 ? 0 : Math.max(1, Math.round(samples.length / rate)))
      }),
      {
        numRuns: 25,
        examples: [
          [Float32Array.of(0.5), 1],
          [new Float32Array(0), 2],
          [Float32Array.of(-1, 1), 3],
        ],
      },
    )
  })

  it(transform === 'AddGaussianNoise' ? 'adds noise to silence' : 'leaves silence silent', () => {
    const { output } = run(step, new Float32Array(3000), 4)
    expect(rms(output) === 0).toBe(transform !== 'AddGaussianNoise')
  })

  it('repeats with its seed, and records its parameters as JSON', () => {
    const speech = voice(140, [600, 1700], 0.3, RATE)
    const first = run(step, speech, 5)
    const second = run(step, speech, 5)
    expect(largestDifference(second.output, first.output)).toBe(0)
    expect(JSON.parse(JSON.stringify(first.parameters))).toEqual(first.parameters)
    expect(rms(first.output)).toBeGreaterThan(0)
  })
})

describe('Gain', () => {
  it('scales the RMS by what it says in dB', () => {
    fc.assert(
      fc.property(fc.double({ min: -60, max: 40, noNaN: true }), fc.nat(1e6), (gainDb, seed) => {
        const x = whiteNoise(100, seed)
        const step = transformStepSchema.parse({ transform: 'Gain', params: { gainDb } })
        expect(20 * Math.log10(rms(run(step, x, 1).output) / rms(x))).toBeCloseTo(gainDb, 4)
      }),
    )
  })

  it('gives the input at 0 dB', () => {
    const x = whiteNoise(100, 1)
    expect(run(transformStepSchema.parse({ transform: 'Gain', params: { gainDb: 0 } }), x, 1).output).toEqual(x)
  })
})
