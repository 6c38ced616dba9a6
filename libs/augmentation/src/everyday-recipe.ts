import { recipeSchema, type Recipe } from './recipe-schema.ts'

/**
 * Our default for robust training, in the order in which sound meets these things: the speaker, the room, other sounds, the microphone, the
 * line. The reasons for the ranges:
 * - Speaker: formants by up to 10 %, what Jaitly and Hinton found best and about the distance between adult voices. Tempo by 8 % and pitch by
 *   one semitone only, because both carry emotion: larger changes would need other labels.
 * - Room: RT60 0.15 to 0.9 s, from a furnished bedroom to a classroom; measured responses first where there are some.
 * - Noise: SNR 0 to 25 dB over active speech; below 0 dB people fail too, above 25 dB nothing is learnt. Recordings are the likeliest, then
 *   babble (one to eight voices, the hardest), then stationary noise; blue and violet noise hardly occur.
 * - Microphone and line: colouring by up to 6 dB a band; of every four, one is distorted or band-limited.
 * - Level: 18 dB range, as distances and gains differ. The shift is small: it only tells models not to rely on the onset.
 * The untouched original stays in the training set, so nothing here has to keep a share of clean clips.
 */
export const EVERYDAY: Recipe = recipeSchema.parse({
  name: 'everyday',
  version: 1,
  description: 'Voices, rooms, noises, microphones and lines as they occur in everyday recordings.',
  missingResources: 'skip',
  steps: [
    { transform: 'PerturbVocalTractLength', p: 0.4, params: { warp: [0.9, 1.1] } },
    {
      p: 0.3,
      oneOf: [
        { transform: 'TimeStretch', params: { rate: [0.92, 1.08] } },
        { transform: 'PitchShift', params: { semitones: [-1, 1] } },
      ],
    },
    { transform: 'Shift', p: 0.2, params: { shiftSeconds: [-0.1, 0.1] } },
    {
      p: 0.4,
      oneOf: [
        { transform: 'ApplyImpulseResponse', weight: 2, params: {} },
        {
          transform: 'RoomSimulator',
          weight: 2,
          params: {
            rt60Seconds: [0.15, 0.9],
            widthMeters: [3, 9],
            depthMeters: [2.5, 7],
            heightMeters: [2.4, 3.5],
            distanceMeters: [0.3, 3],
          },
        },
        { transform: 'DecayReverb', params: { rt60Seconds: [0.15, 0.9], directToReverberantDb: [-3, 12] } },
      ],
    },
    {
      p: 0.7,
      oneOf: [
        { transform: 'AddBackgroundNoise', weight: 4, params: { snrDb: [0, 25], reference: 'active' } },
        { transform: 'AddBabbleNoise', weight: 3, params: { snrDb: [0, 25], reference: 'active', speakers: [1, 8] } },
        { transform: 'AddSpeechShapedNoise', params: { snrDb: [0, 25], reference: 'active' } },
        {
          transform: 'AddColorNoise',
          weight: 2,
          params: { snrDb: [0, 25], reference: 'active', color: ['white', 'pink', 'brown'] },
        },
      ],
    },
    { transform: 'SevenBandParametricEQ', p: 0.4, params: { gainDb: [-6, 6] } },
    {
      p: 0.25,
      oneOf: [
        { transform: 'TelephoneBand', params: {} },
        { transform: 'MuLawCodec', params: {} },
        { transform: 'LowPassFilter', params: { cutoffHz: [2500, 8000], order: [2, 8] } },
        { transform: 'HighPassFilter', params: { cutoffHz: [60, 300], order: [1, 4] } },
        { transform: 'ClippingDistortion', params: { percentileThreshold: [0, 15] } },
        { transform: 'TanhDistortion', params: { distortionAmount: [0.01, 0.4] } },
        { transform: 'BitCrush', params: { bitDepth: [7, 12] } },
      ],
    },
    { transform: 'Gain', p: 0.6, params: { gainDb: [-12, 6] } },
  ],
  frames: { p: 0.5, timeMasks: 2, timeMaskFrames: 12, timeMaskShare: 0.15, frequencyMasks: 2, frequencyMaskBins: 10 },
})
