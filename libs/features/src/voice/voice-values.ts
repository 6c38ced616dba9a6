import { VOICE_DESCRIPTORS, VOICING_DESCRIPTORS } from './descriptors.ts'

/** Values by their names. */
export type VoiceValues = Readonly<Record<string, number>>

export type VoiceGroup = 'pitch' | 'quality' | 'spectrum' | 'cepstrum' | 'level' | 'rhythm' | 'detail'

/** Statistics that hold for other speakers and other corpora too. */
const STEADY = ['voiced_mean', 'voiced_std', 'voiced_p10', 'voiced_p90', 'mean', 'voiced_change']
/** Those that tell recordings of one corpus apart. */
const PARTICULAR = ['std', 'voiced_trend']
const OF_VOICE = ['mean', 'std', 'p10', 'p50', 'p90']

const SPECTRUM = ['alpha_ratio', 'hammarberg', 'slope_0_500', 'slope_500_1500', 'centroid', 'flatness', 'flux']
const CEPSTRUM = ['mfcc_1', 'mfcc_2', 'mfcc_3', 'mfcc_4']
const CARRIED = new Set<string>(['level', 'hnr', ...SPECTRUM, ...CEPSTRUM])

/**
 * The names of the values by group, in the order in which they are stored. The first six groups are the 124 values whose
 * meaning holds for other speakers and corpora; `detail` is the 116 others, which help where the speakers are known.
 */
const GROUPS: Readonly<Record<VoiceGroup, readonly string[]>> = {
  pitch: [
    ...named('f0', ['mean', 'std', 'p5', 'p20', 'p50', 'p80', 'p95', 'range_20_80', 'range_5_95']),
    ...named('f0', ['rise_mean', 'rise_std', 'fall_mean', 'fall_std', 'jitter', 'first_third', 'last_third']),
    ...named('f0', ['stretch_mean_std', 'stretch_range_mean', 'stretch_range_max', 'stretch_slope_mean']),
    ...named('f0', ['last_stretch_slope', 'skewness']),
  ],
  quality: [...named('hnr', STEADY), ...VOICING_DESCRIPTORS.flatMap((name) => named(name, OF_VOICE)), 'shimmer'],
  spectrum: SPECTRUM.flatMap((name) => named(name, STEADY)),
  cepstrum: CEPSTRUM.flatMap((name) => named(name, STEADY)),
  level: named('level', [...STEADY, 'p20', 'p80', 'rise', 'fall', 'peak_std']),
  rhythm: ['level_peak_rate', 'voiced_fraction', 'voiced_rate'],
  detail: [
    ...VOICE_DESCRIPTORS.flatMap((name) => named(name, CARRIED.has(name) ? PARTICULAR : [...STEADY, ...PARTICULAR])),
    ...named('f0', ['trend', 'argmax', 'argmin']),
    ...named('level', ['p5', 'p50', 'p95', 'argmax', 'centre']),
    ...['alpha_ratio', 'centroid', 'level', 'flatness'].map((name) => `${name}_unvoiced_mean`),
    ...named('voiced_length', ['log', 'std', 'max_log']),
    ...named('unvoiced_length', ['mean', 'std']),
    'duration_log',
  ],
}

/** The names of the values of a vector, in order, by their groups. */
export function voiceGroups(): readonly (readonly [VoiceGroup, readonly string[]])[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.entries forgets which keys there are
  return Object.entries(GROUPS) as [VoiceGroup, readonly string[]][]
}

/** The names of the values of a vector, in order. */
export function voiceNames(): string[] {
  return voiceGroups().flatMap(([, names]) => names)
}

function named(name: string, statistics: readonly string[]): string[] {
  return statistics.map((statistic) => `${name}_${statistic}`)
}
