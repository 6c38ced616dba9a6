import type { Emotion } from '@ser/contracts'

/** A synthetic speaker: fundamental frequency at rest and the length of the vocal tract against the table of phones. */
export type VoiceProfile = { readonly pitchHz: number; readonly formantScale: number; readonly breath: number }

/** Named and pitched after TESS's actresses: an older and a younger woman. */
export const VOICES = {
  OAF: { pitchHz: 192, formantScale: 0.97, breath: 0.05 },
  YAF: { pitchHz: 214, formantScale: 1.04, breath: 0.03 },
} as const satisfies Record<string, VoiceProfile>

export type SyntheticSpeaker = keyof typeof VOICES
export const SYNTHETIC_SPEAKERS = ['OAF', 'YAF'] as const satisfies readonly SyntheticSpeaker[]

/** How an emotion changes a voice. Semitones are against the speaker's pitch at rest, decibels against her usual level. */
export type EmotionProfile = {
  readonly pitchSemitones: number
  /** How far accents rise above the line. */
  readonly accentSemitones: number
  /** Where the line ends, against where it begins. */
  readonly driftSemitones: number
  /** Speaking rate, 1 is neutral. */
  readonly tempo: number
  readonly levelDb: number
  /** Corner of the source's spectral slope: the lower, the duller. */
  readonly tiltHz: number
  readonly breath: number
  /** Irregularity from period to period, as a part of the period. */
  readonly jitter: number
  readonly tremorSemitones: number
}

/**
 * Directions as Scherer ("Vocal communication of emotion", 2003) and Juslin and Laukka (2003) sum them up; the sizes are chosen
 * so that the emotions overlap: neighbours differ by about two deviations of a recording's own variation.
 */
export const EMOTION_PROFILES: Readonly<Record<Emotion, EmotionProfile>> = {
  angry: profile([3.0, 3.5, -3.0, 1.1, 6, 3600, 0.02, 0.018, 0]),
  disgust: profile([-2.0, 2.5, -4.0, 0.8, -1, 1500, 0.06, 0.03, 0]),
  fear: profile([5.5, 1.5, 0.5, 1.22, -2, 1900, 0.16, 0.022, 0.6]),
  happy: profile([5.0, 5.0, 1.0, 1.05, 3, 2600, 0.04, 0.008, 0]),
  neutral: profile([0.0, 1.5, -1.5, 1.0, 0, 1700, 0.04, 0.008, 0]),
  sad: profile([-1.0, 0.8, -2.0, 0.76, -7, 900, 0.1, 0.012, 0.2]),
  surprise: profile([6.5, 6.0, 7.0, 0.95, 1.5, 2200, 0.07, 0.008, 0]),
}

function profile(values: readonly number[]): EmotionProfile {
  const [pitchSemitones, accentSemitones, driftSemitones, tempo, levelDb, tiltHz, breath, jitter, tremorSemitones] =
    values
  return { pitchSemitones, accentSemitones, driftSemitones, tempo, levelDb, tiltHz, breath, jitter, tremorSemitones }
}
