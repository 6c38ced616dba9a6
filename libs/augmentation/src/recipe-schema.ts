import { z } from 'zod'
import { NOISE_COLORS } from './add-color-noise.ts'

/** A number that is taken as it is, or `[lowest, highest]` to draw from. */
function range(lowest: number, highest: number) {
  const bounded = z.number().min(lowest).max(highest)
  const pair = z.tuple([bounded, bounded]).refine(([low, high]) => low <= high, 'the lowest comes first in a range')
  return z.union([bounded, pair])
}
export type Range = number | readonly [number, number]

/** As `range`, of whole numbers. */
function integerRange(lowest: number, highest: number) {
  const bounded = z.int().min(lowest).max(highest)
  const pair = z.tuple([bounded, bounded]).refine(([low, high]) => low <= high, 'the lowest comes first in a range')
  return z.union([bounded, pair])
}

const probability = z.number().min(0).max(1)
const snr = { snrDb: range(-60, 120), reference: z.enum(['whole', 'active']).default('whole') }
/** The name of a group of recordings among the resources. */
const group = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,62}$/, 'a group is 1 to 63 lower case letters, digits, dots, dashes')
const frequency = range(1, 96_000)
const shelf = { centerHz: frequency, gainDb: range(-60, 60), q: range(0.05, 1).default(Math.SQRT1_2) }
const order = integerRange(1, 16).default(2)

function step<Name extends string, Shape extends z.ZodRawShape>(transform: Name, shape: Shape) {
  return z.strictObject({
    transform: z.literal(transform),
    params: z.strictObject(shape),
    /** How often the step is applied; inside `oneOf`, how often it is when it was chosen. */
    p: probability.default(1),
    /** How often it is chosen inside `oneOf`, relative to the others. */
    weight: z.number().positive().default(1),
  })
}

/** Every transform of a recording by its name, and the ranges of its parameters; units are in their names. */
export const transformStepSchema = z.discriminatedUnion('transform', [
  step('AddGaussianNoise', { amplitude: range(0, 10) }),
  step('AddPeakNoise', { peakFraction: range(0, 10) }),
  /** One of the named colours, or a slope of the power spectral density in dB per octave. */
  step('AddColorNoise', { ...snr, color: z.union([z.array(z.enum(NOISE_COLORS)).min(1), range(-24, 24)]) }),
  step('AddBackgroundNoise', { ...snr, from: group.default('noise') }),
  step('AddBabbleNoise', { ...snr, from: group.default('voices'), speakers: integerRange(1, 64) }),
  step('AddSpeechShapedNoise', { ...snr, from: group.default('voices'), speakers: integerRange(1, 64).default(8) }),
  step('ApplyImpulseResponse', { from: group.default('rooms') }),
  step('DecayReverb', {
    rt60Seconds: range(0.01, 20),
    directToReverberantDb: range(-60, 120),
    preDelaySeconds: range(0, 1).default(0.005),
  }),
  step('RoomSimulator', {
    rt60Seconds: range(0.05, 20),
    widthMeters: range(1, 100),
    depthMeters: range(1, 100),
    heightMeters: range(1, 100),
    distanceMeters: range(0.1, 100),
  }),
  step('ClippingDistortion', { percentileThreshold: range(0, 99) }),
  step('TanhDistortion', { distortionAmount: range(0, 1) }),
  step('BitCrush', { bitDepth: integerRange(1, 24) }),
  step('MuLawCodec', { codecRate: range(1000, 48_000).default(8000) }),
  step('TelephoneBand', { lowHz: frequency.default(300), highHz: frequency.default(3400) }),
  step('LowPassFilter', { cutoffHz: frequency, order }),
  step('HighPassFilter', { cutoffHz: frequency, order }),
  step('BandPassFilter', { centerHz: frequency, bandwidthFraction: range(0.01, 1.99), order }),
  step('LowShelfFilter', shelf),
  step('HighShelfFilter', shelf),
  step('PeakingFilter', { ...shelf, q: range(0.05, 100).default(1) }),
  step('SevenBandParametricEQ', { gainDb: range(-60, 60) }),
  step('Gain', { gainDb: range(-120, 120) }),
  step('Shift', {
    shiftSeconds: range(-3600, 3600),
    rollover: z.boolean().default(false),
    fadeSeconds: range(0, 1).default(0.005),
  }),
  step('TimeStretch', { rate: range(0.25, 4), keepLength: z.boolean().default(false) }),
  step('PitchShift', { semitones: range(-24, 24) }),
  step('PerturbVocalTractLength', { warp: range(0.5, 2), highestHz: range(100, 96_000).default(4800) }),
])
export type TransformStep = z.output<typeof transformStepSchema>
export type TransformName = TransformStep['transform']
/** The parsed parameters of each transform. */
export type StepParams = { [Step in TransformStep as Step['transform']]: Step['params'] }

/** One of several transforms, chosen by weight, with probability `p`. */
const oneOfSchema = z.strictObject({ oneOf: z.array(transformStepSchema).min(1).max(32), p: probability.default(1) })

/** Masks on the frames of a recording (SpecAugment); used where frames are the features. */
const frameMasksSchema = z.strictObject({
  p: probability.default(1),
  timeMasks: z.int().min(0).max(100),
  timeMaskFrames: z.int().min(0).max(100_000),
  timeMaskShare: probability.default(1),
  frequencyMasks: z.int().min(0).max(100),
  frequencyMaskBins: z.int().min(0).max(100_000),
})

/** A named, versioned composition of transforms, applied in order. */
export const recipeSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,62}$/, 'a name is 1 to 63 lower case letters, digits, dots and dashes'),
  version: z.int().min(1),
  description: z
    .string()
    .max(2000)
    .refine((text) => !/[\0\p{Surrogate}]/u.test(text), 'must hold no NUL character')
    .default(''),
  /** What a step does whose recordings were not handed in. A `oneOf` with `skip` chooses among those that can be done. */
  missingResources: z.enum(['fail', 'skip']).default('fail'),
  /** What is done with a result that passes 1: turned down to fit, or left to whoever stores it. */
  overflow: z.enum(['scale', 'keep']).default('scale'),
  steps: z.array(z.union([transformStepSchema, oneOfSchema])).max(64),
  frames: frameMasksSchema.optional(),
})
export type Recipe = z.output<typeof recipeSchema>
export type RecipeInput = z.input<typeof recipeSchema>
