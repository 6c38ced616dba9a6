import type { FeatureFrames } from './extractor.ts'

/**
 * The groups of every frame side by side, in the order of a pooled vector: mel, MFCC, ZCR, RMS.
 *
 * @returns row-major [frameCount][nMels + nMfcc + 2]
 */
export function joinFrameGroups({ frameCount, mel, mfcc, zcr, rms }: FeatureFrames): Float32Array {
  const groups = [mel, mfcc, zcr, rms]
  const rows = new Float32Array(groups.reduce((sum, { length }) => sum + length, 0))
  const width = rows.length / frameCount
  let place = 0
  for (const group of groups) {
    const size = group.length / frameCount
    for (let frame = 0; frame < frameCount; frame++) {
      rows.set(group.subarray(frame * size, (frame + 1) * size), frame * width + place)
    }
    place += size
  }
  return rows
}
