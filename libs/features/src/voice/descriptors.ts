/** What is measured of every frame besides its pitch, in the order of the values that are made of it. */
export const VOICE_DESCRIPTORS = [
  'level',
  'alpha_ratio',
  'hammarberg',
  'slope_0_500',
  'slope_500_1500',
  'slope_1500_5000',
  'centroid',
  'flatness',
  'flux',
  ...Array.from({ length: 12 }, (_, index) => `mfcc_${index + 1}` as const),
  'hnr',
] as const

/** What is measured of voiced frames only. */
export const VOICING_DESCRIPTORS = ['periodicity', 'h1_h2', 'h1_a3'] as const

export type VoiceDescriptor = (typeof VOICE_DESCRIPTORS | typeof VOICING_DESCRIPTORS)[number]

/** A value a frame of each descriptor. */
export type DescriptorTracks = Readonly<Record<VoiceDescriptor, Float32Array>> & {
  /** log2 of the pitch in Hz; 0 where there is none. */
  readonly f0: Float32Array
}

export function createTracks(frames: number): DescriptorTracks {
  const names = [...VOICE_DESCRIPTORS, ...VOICING_DESCRIPTORS, 'f0'] as const
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.fromEntries forgets which keys it was given
  return Object.fromEntries(names.map((name) => [name, new Float32Array(frames)])) as DescriptorTracks
}
