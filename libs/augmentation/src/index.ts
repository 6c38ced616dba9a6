export { addBabbleNoise, generateBabble, type AddBabbleNoiseParams } from './add-babble-noise.ts'
export { addBackgroundNoise, type AddBackgroundNoiseParams } from './add-background-noise.ts'
export {
  addColorNoise,
  generateColorNoise,
  NOISE_COLORS,
  NOISE_COLOR_DECAYS,
  type AddColorNoiseParams,
  type NoiseColor,
} from './add-color-noise.ts'
export { addGaussianNoise, type AddGaussianNoiseParams } from './add-gaussian-noise.ts'
export { addPeakNoise, type AddPeakNoiseParams } from './add-peak-noise.ts'
export {
  addSpeechShapedNoise,
  generateSpeechShapedNoise,
  type AddSpeechShapedNoiseParams,
} from './add-speech-shaped-noise.ts'
export { applyOnTheFly, isVariantDrawn, onTheFlySeed, type OnTheFlyOptions } from './apply-on-the-fly.ts'
export { applyImpulseResponse, type ApplyImpulseResponseParams } from './apply-impulse-response.ts'
export {
  applyRecipe,
  resourceGroups,
  type AppliedTransform,
  type ApplyRecipeOptions,
  type Augmented,
} from './apply-recipe.ts'
export { bandPassFilter, type BandPassFilterParams } from './band-pass-filter.ts'
export { bitCrush, type BitCrushParams } from './bit-crush.ts'
export { clippingDistortion, type ClippingDistortionParams } from './clipping-distortion.ts'
export { decayReverb, generateDecayResponse, type DecayReverbParams } from './decay-reverb.ts'
export { AugmentationError } from './errors.ts'
export { EVERYDAY } from './everyday-recipe.ts'
export { findDirectPath } from './find-direct-path.ts'
export { gain, type GainParams } from './gain.ts'
export { generateRoomResponse, type Metres, type Room } from './generate-room-response.ts'
export { highPassFilter, type HighPassFilterParams } from './high-pass-filter.ts'
export { highShelfFilter } from './high-shelf-filter.ts'
export { lowPassFilter, type LowPassFilterParams } from './low-pass-filter.ts'
export { lowShelfFilter, type ShelfFilterParams } from './low-shelf-filter.ts'
export { maskFrames } from './mask-frames.ts'
export { maskSpectrogram, type MaskSpectrogramParams } from './mask-spectrogram.ts'
export { measureActiveLevel } from './measure-active-level.ts'
export { measureAverageSpectrum, type AverageSpectrum } from './measure-average-spectrum.ts'
export { measureRt60, type DecayRange } from './measure-rt60.ts'
export { mixAtSnr, type MixOptions, type SnrReference } from './mix-at-snr.ts'
export { muLawCodec, type MuLawCodecParams } from './mu-law-codec.ts'
export { PAPER_NOISE } from './paper-noise-recipe.ts'
export { peakingFilter, type PeakingFilterParams } from './peaking-filter.ts'
export { perturbVocalTractLength, type PerturbVocalTractLengthParams } from './perturb-vocal-tract-length.ts'
export {
  planStress,
  STRESS_NOISES,
  stressConditionSchema,
  stressPlanSchema,
  type StressCondition,
  type StressNoise,
  type StressPlan,
} from './plan-stress.ts'
export { halfOf, RESOURCE_HALVES, type ResourceHalf } from './split-in-halves.ts'
export { stressVariants, type StressOptions } from './stress-variants.ts'
export { pitchShift, type PitchShiftParams } from './pitch-shift.ts'
export { createRandom, type Seed, type SeededRandom } from './random.ts'
export { AUGMENTATION_VERSION, recipeIdentity } from './recipe-identity.ts'
export { recipeSchema, type Recipe, type RecipeInput, type TransformName, type TransformStep } from './recipe-schema.ts'
export { type NamedRecording, type Resources } from './resources.ts'
export { ROBUST_NOISE } from './robust-noise-recipe.ts'
export { roomSimulator, type RoomSimulatorParams } from './room-simulator.ts'
export {
  drawEqBands,
  sevenBandParametricEq,
  type EqBand,
  type SevenBandParametricEqParams,
} from './seven-band-parametric-eq.ts'
export { shift, type ShiftParams } from './shift.ts'
export { tanhDistortion, type TanhDistortionParams } from './tanh-distortion.ts'
export { telephoneBand, type TelephoneBandParams } from './telephone-band.ts'
export { timeStretch, type TimeStretchParams } from './time-stretch.ts'
