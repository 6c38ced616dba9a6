import { addBabbleNoise } from './add-babble-noise.ts'
import { addBackgroundNoise } from './add-background-noise.ts'
import { addColorNoise, type NoiseColor } from './add-color-noise.ts'
import { addGaussianNoise } from './add-gaussian-noise.ts'
import { addPeakNoise } from './add-peak-noise.ts'
import { addSpeechShapedNoise } from './add-speech-shaped-noise.ts'
import { applyImpulseResponse } from './apply-impulse-response.ts'
import { bandPassFilter } from './band-pass-filter.ts'
import { bitCrush } from './bit-crush.ts'
import { clippingDistortion } from './clipping-distortion.ts'
import { decayReverb } from './decay-reverb.ts'
import { drawRoom } from './draw-room.ts'
import { gain } from './gain.ts'
import { highPassFilter } from './high-pass-filter.ts'
import { highShelfFilter } from './high-shelf-filter.ts'
import { lowPassFilter } from './low-pass-filter.ts'
import { lowShelfFilter } from './low-shelf-filter.ts'
import { muLawCodec } from './mu-law-codec.ts'
import { peakingFilter } from './peaking-filter.ts'
import { perturbVocalTractLength } from './perturb-vocal-tract-length.ts'
import { pitchShift } from './pitch-shift.ts'
import type { SeededRandom } from './random.ts'
import type { Range, StepParams, TransformName } from './recipe-schema.ts'
import { drawRecordings, samplesAt, type Resources } from './resources.ts'
import { roomSimulator } from './room-simulator.ts'
import { drawEqBands, sevenBandParametricEq } from './seven-band-parametric-eq.ts'
import { shift } from './shift.ts'
import { tanhDistortion } from './tanh-distortion.ts'
import { telephoneBand } from './telephone-band.ts'
import { timeStretch } from './time-stretch.ts'

export type DrawnStep = {
  /** The exact parameters, fit for JSON; recordings by name. */
  readonly parameters: Readonly<Record<string, unknown>>
  readonly apply: (samples: Float32Array, sampleRate: number, random: SeededRandom) => Float32Array
}

type Draw = {
  readonly random: SeededRandom
  readonly resources: Resources
  /** Evenly from a range. */
  readonly number: (range: Range) => number
  readonly integer: (range: Range) => number
  /** Evenly on a logarithmic scale, as frequencies are heard. */
  readonly hertz: (range: Range) => number
}

function createDraw(random: SeededRandom, resources: Resources): Draw {
  const number = (range: Range) => (typeof range === 'number' ? range : random.uniform(...range))
  return {
    random,
    resources,
    number,
    integer: (range) => (typeof range === 'number' ? range : random.integer(...range)),
    hertz: (range) => (typeof range === 'number' ? range : Math.exp(number([Math.log(range[0]), Math.log(range[1])]))),
  }
}

type Transform<Params> = (
  samples: Float32Array,
  sampleRate: number,
  params: Params,
  random: SeededRandom,
) => Float32Array

function bind<Params extends Record<string, unknown>>(transform: Transform<Params>, parameters: Params): DrawnStep {
  return { parameters, apply: (samples, sampleRate, random) => transform(samples, sampleRate, parameters, random) }
}

type VoicesParams = StepParams['AddSpeechShapedNoise']

function bindVoices(
  transform: Transform<{ voices: Float32Array[] } & Pick<VoicesParams, 'reference'> & { snrDb: number }>,
  { from, speakers, snrDb, reference }: VoicesParams,
  draw: Draw,
): DrawnStep {
  const chosen = drawRecordings(draw.resources, { group: from, count: draw.integer(speakers) }, draw.random)
  const level = { snrDb: draw.number(snrDb), reference }
  return {
    parameters: { from, recordings: chosen.map(({ name }) => name), ...level },
    apply: (samples, sampleRate, random) => {
      const voices = chosen.map((recording) => samplesAt(recording, sampleRate))
      return transform(samples, sampleRate, { voices, ...level }, random)
    },
  }
}

const DRAWERS: { readonly [Name in TransformName]: (params: StepParams[Name], draw: Draw) => DrawnStep } = {
  AddGaussianNoise: ({ amplitude }, draw) => bind(addGaussianNoise, { amplitude: draw.number(amplitude) }),
  AddPeakNoise: ({ peakFraction }, draw) => bind(addPeakNoise, { peakFraction: draw.number(peakFraction) }),
  AddColorNoise: ({ snrDb, color, reference }, draw) =>
    bind(addColorNoise, { snrDb: draw.number(snrDb), color: drawColor(color, draw), reference }),
  AddBackgroundNoise: ({ from, snrDb, reference }, draw) => {
    const [chosen] = drawRecordings(draw.resources, { group: from, count: 1 }, draw.random)
    const level = { snrDb: draw.number(snrDb), reference }
    return {
      parameters: { from, recordings: [chosen.name], ...level },
      apply: (samples, sampleRate, random) =>
        addBackgroundNoise(samples, sampleRate, { noise: samplesAt(chosen, sampleRate), ...level }, random),
    }
  },
  AddBabbleNoise: (params, draw) => bindVoices(addBabbleNoise, params, draw),
  AddSpeechShapedNoise: (params, draw) => bindVoices(addSpeechShapedNoise, params, draw),
  ApplyImpulseResponse: ({ from }, draw) => {
    const [chosen] = drawRecordings(draw.resources, { group: from, count: 1 }, draw.random)
    return {
      parameters: { from, recordings: [chosen.name] },
      apply: (samples, sampleRate) =>
        applyImpulseResponse(samples, sampleRate, { response: samplesAt(chosen, sampleRate) }),
    }
  },
  DecayReverb: ({ rt60Seconds, directToReverberantDb, preDelaySeconds }, draw) =>
    bind(decayReverb, {
      rt60Seconds: draw.number(rt60Seconds),
      directToReverberantDb: draw.number(directToReverberantDb),
      preDelaySeconds: draw.number(preDelaySeconds),
    }),
  RoomSimulator: ({ rt60Seconds, widthMeters, depthMeters, heightMeters, distanceMeters }, draw) => {
    const sizeMeters = [draw.number(widthMeters), draw.number(depthMeters), draw.number(heightMeters)] as const
    const room = { sizeMeters, distanceMeters: draw.number(distanceMeters), rt60Seconds: draw.number(rt60Seconds) }
    return bind(roomSimulator, drawRoom(room, draw.random))
  },
  ClippingDistortion: ({ percentileThreshold }, draw) =>
    bind(clippingDistortion, { percentileThreshold: draw.number(percentileThreshold) }),
  TanhDistortion: ({ distortionAmount }, draw) =>
    bind(tanhDistortion, { distortionAmount: draw.number(distortionAmount) }),
  BitCrush: ({ bitDepth }, draw) => bind(bitCrush, { bitDepth: draw.integer(bitDepth) }),
  MuLawCodec: ({ codecRate }, draw) => bind(muLawCodec, { codecRate: draw.number(codecRate) }),
  TelephoneBand: ({ lowHz, highHz }, draw) =>
    bind(telephoneBand, { lowHz: draw.hertz(lowHz), highHz: draw.hertz(highHz) }),
  LowPassFilter: ({ cutoffHz, order }, draw) =>
    bind(lowPassFilter, { cutoffHz: draw.hertz(cutoffHz), order: draw.integer(order) }),
  HighPassFilter: ({ cutoffHz, order }, draw) =>
    bind(highPassFilter, { cutoffHz: draw.hertz(cutoffHz), order: draw.integer(order) }),
  BandPassFilter: ({ centerHz, bandwidthFraction, order }, draw) =>
    bind(bandPassFilter, {
      centerHz: draw.hertz(centerHz),
      bandwidthFraction: draw.number(bandwidthFraction),
      order: draw.integer(order),
    }),
  LowShelfFilter: (params, draw) => bind(lowShelfFilter, drawBand(params, draw)),
  HighShelfFilter: (params, draw) => bind(highShelfFilter, drawBand(params, draw)),
  PeakingFilter: (params, draw) => bind(peakingFilter, drawBand(params, draw)),
  SevenBandParametricEQ: ({ gainDb }, draw) => {
    const gains = typeof gainDb === 'number' ? ([gainDb, gainDb] as const) : gainDb
    return bind(sevenBandParametricEq, { bands: drawEqBands(draw.random, gains) })
  },
  Gain: ({ gainDb }, draw) => bind(gain, { gainDb: draw.number(gainDb) }),
  Shift: ({ shiftSeconds, rollover, fadeSeconds }, draw) =>
    bind(shift, { shiftSeconds: draw.number(shiftSeconds), rollover, fadeSeconds: draw.number(fadeSeconds) }),
  TimeStretch: ({ rate, keepLength }, draw) => bind(timeStretch, { rate: draw.number(rate), keepLength }),
  PitchShift: ({ semitones }, draw) => bind(pitchShift, { semitones: draw.number(semitones) }),
  PerturbVocalTractLength: ({ warp, highestHz }, draw) =>
    bind(perturbVocalTractLength, { warp: draw.number(warp), highestHz: draw.number(highestHz) }),
}

function drawColor(color: StepParams['AddColorNoise']['color'], draw: Draw): NoiseColor | number {
  if (typeof color === 'number') return color
  const [first, second] = color
  return typeof first === 'number' && typeof second === 'number'
    ? draw.number([first, second])
    : draw.random.choice(color.filter((each) => typeof each === 'string'))
}

function drawBand({ centerHz, gainDb, q }: StepParams['PeakingFilter'], draw: Draw) {
  return { centerHz: draw.hertz(centerHz), gainDb: draw.number(gainDb), q: draw.number(q) }
}

/** Draws a step's parameters from their ranges. Throws `resource-missing` where its recordings were not handed in. */
export function drawStep<Name extends TransformName>(
  name: Name,
  params: StepParams[Name],
  { random, resources }: { readonly random: SeededRandom; readonly resources: Resources },
): DrawnStep {
  return DRAWERS[name](params, createDraw(random, resources))
}
