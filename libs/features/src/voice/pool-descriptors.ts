import { VOICE_DESCRIPTORS, VOICING_DESCRIPTORS, type DescriptorTracks } from './descriptors.ts'
import { valuesWhere } from './find-stretches.ts'
import type { Voice } from './find-voice.ts'
import { deviation, mean, percentiles, slopeOverTime } from './statistics.ts'
import type { VoiceValues } from './voice-values.ts'

/** Of which the mean over the frames without voice is taken. */
const UNVOICED_DESCRIPTORS = ['alpha_ratio', 'centroid', 'level', 'flatness'] as const

/** Statistics over the voiced frames (`voiced_`), over all, and over the others (`unvoiced_`) of every descriptor. */
export function poolDescriptors(tracks: DescriptorTracks, { voiced }: Voice): VoiceValues {
  const values: Record<string, number> = {}
  for (const name of VOICE_DESCRIPTORS) {
    const track = tracks[name]
    const ofVoice = valuesWhere(track, voiced)
    const [p10, p90] = percentiles(ofVoice, [10, 90])
    values[`${name}_voiced_mean`] = mean(ofVoice)
    values[`${name}_voiced_std`] = deviation(ofVoice)
    values[`${name}_voiced_p10`] = p10
    values[`${name}_voiced_p90`] = p90
    values[`${name}_mean`] = mean(track)
    values[`${name}_std`] = deviation(track)
    values[`${name}_voiced_change`] = mean(valuesWhere(changeOf(track), voiced))
    values[`${name}_voiced_trend`] = slopeOverTime(ofVoice)
  }
  for (const name of VOICING_DESCRIPTORS) {
    const ofVoice = valuesWhere(tracks[name], voiced)
    const [p10, p50, p90] = percentiles(ofVoice, [10, 50, 90])
    values[`${name}_mean`] = mean(ofVoice)
    values[`${name}_std`] = deviation(ofVoice)
    values[`${name}_p10`] = p10
    values[`${name}_p50`] = p50
    values[`${name}_p90`] = p90
  }
  const mark = voiced.includes(0) ? 0 : 1
  for (const name of UNVOICED_DESCRIPTORS)
    values[`${name}_unvoiced_mean`] = mean(valuesWhere(tracks[name], voiced, mark))
  return values
}

/** The magnitude of the regression over five frames (HTK's delta), 0 where they are not all there. */
function changeOf(track: Float32Array): Float32Array {
  const changes = new Float32Array(track.length)
  for (let t = 2; t < track.length - 2; t++) {
    changes[t] = Math.abs((2 * (track[t + 2] - track[t - 2]) + (track[t + 1] - track[t - 1])) / 10)
  }
  return changes
}
