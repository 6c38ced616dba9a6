import type { DescriptorTracks } from './descriptors.ts'
import { NO_PITCH } from './find-voice.ts'
import { deviation, mean, percentiles } from './statistics.ts'
import { AVERAGED, PEAKING, voiceBlockNames } from './voice-blocks.ts'
import type { VoiceValues } from './voice-values.ts'

/**
 * The descriptors over time: of every block of frames the means of most, the greatest of some (`_max`), the mean step of the level
 * from frame to frame, and the pitch in octaves (log2 Hz): its mean over the voiced frames, its deviation, and how far it moves from
 * the first to the last of them. A block without voice has the pitch of the one before; at the beginning the median of the recording.
 *
 * Frames after the last whole block are left out. A recording of less than a block is one.
 *
 * @returns row-major [blocks][42], in the order of `voiceBlockNames`
 */
export function poolBlocks(tracks: DescriptorTracks, framesPerBlock: number): Float32Array {
  const names = voiceBlockNames()
  const blocks = Math.max(1, Math.floor(tracks.f0.length / framesPerBlock))
  const values = new Float32Array(blocks * names.length)
  let f0 = usualPitch(tracks)
  for (let block = 0; block < blocks; block++) {
    const start = block * framesPerBlock
    const end = Math.min(start + framesPerBlock, tracks.f0.length)
    const pitch = describePitch(tracks.f0.subarray(start, end), f0)
    const found: VoiceValues = { ...pitch, ...describeOthers(tracks, start, end) }
    for (const [place, name] of names.entries()) values[block * names.length + place] = found[name]
    f0 = pitch.f0
  }
  return values
}

function usualPitch({ f0 }: DescriptorTracks): number {
  const voiced = f0.filter((value) => value > 0)
  return voiced.length === 0 ? NO_PITCH : percentiles(voiced, [50])[0]
}

function describePitch(track: Float32Array, before: number) {
  const voiced = track.filter((value) => value > 0)
  const isVoiced = voiced.length > 0
  return {
    f0: isVoiced ? mean(voiced) : before,
    f0_std: deviation(voiced),
    f0_change: isVoiced ? voiced[voiced.length - 1] - voiced[0] : 0,
    voiced_fraction: voiced.length / track.length,
  }
}

function describeOthers(tracks: DescriptorTracks, start: number, end: number): VoiceValues {
  const values: Record<string, number> = {}
  for (const name of AVERAGED) values[name] = mean(tracks[name].subarray(start, end))
  for (const name of PEAKING) {
    values[`${name}_max`] = tracks[name].subarray(start, end).reduce((most, value) => Math.max(most, value), -Infinity)
  }
  const level = tracks.level.subarray(start, end)
  values['level_change'] = mean(Array.from(level.subarray(1), (value, t) => Math.abs(value - level[t])))
  return values
}
