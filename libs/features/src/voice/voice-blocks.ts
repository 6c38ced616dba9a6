import type { VoiceDescriptor } from './descriptors.ts'
import type { VoiceGroup } from './voice-values.ts'

/** Means over a block, by group: those that hold for other speakers and corpora too, and the others (`detail`). */
const MEANS = {
  quality: ['hnr', 'h1_a3'],
  spectrum: ['alpha_ratio', 'hammarberg', 'slope_0_500', 'slope_500_1500', 'centroid', 'flux'],
  cepstrum: ['mfcc_1', 'mfcc_2', 'mfcc_3', 'mfcc_4'],
  level: ['level'],
  detail: [
    'slope_1500_5000',
    'flatness',
    ...Array.from({ length: 8 }, (_, index) => `mfcc_${index + 5}` as const),
    'periodicity',
    'h1_h2',
  ],
} as const satisfies Partial<Record<VoiceGroup, readonly VoiceDescriptor[]>>

/** Of which the mean over a block is taken. */
export const AVERAGED: readonly VoiceDescriptor[] = Object.values(MEANS).flat()

/** Of which the greatest value in a block is taken too: what stands out of noise. */
export const PEAKING = [
  'level',
  'alpha_ratio',
  'hammarberg',
  'slope_0_500',
  'slope_500_1500',
  'slope_1500_5000',
  'centroid',
  'flatness',
  'flux',
  'mfcc_1',
  'mfcc_2',
  'mfcc_3',
] as const satisfies readonly VoiceDescriptor[]

/** The names of a block's 42 values, in the order in which they are stored; `voiceBlockGroups` has them by group. */
export function voiceBlockNames(): string[] {
  return voiceBlockGroups().flatMap(([, names]) => names)
}

/** The 18 values before `detail` are those that hold for other speakers. */
export function voiceBlockGroups(): readonly (readonly [VoiceGroup, readonly string[]])[] {
  return [
    ['pitch', ['f0', 'f0_std', 'f0_change', 'voiced_fraction']],
    ['quality', MEANS.quality],
    ['spectrum', MEANS.spectrum],
    ['cepstrum', MEANS.cepstrum],
    ['level', [...MEANS.level, 'level_change']],
    ['detail', [...MEANS.detail, ...PEAKING.map((name) => `${name}_max`)]],
  ]
}
