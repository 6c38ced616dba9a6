import { expect, test } from 'vitest'
import { extractFrames } from './extract-features.ts'
import { defaultFeatureSpec, featureNames } from './feature-spec.ts'
import { joinFrameGroups } from './join-frame-groups.ts'

test('lays the groups of each frame side by side, in the order of a vector', () => {
  const frames = {
    frameCount: 2,
    mel: Float32Array.of(1, 2, 3, 11, 12, 13),
    mfcc: Float32Array.of(4, 5, 14, 15),
    zcr: Float32Array.of(6, 16),
    rms: Float32Array.of(7, 17),
  }
  expect([...joinFrameGroups(frames)]).toEqual([1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 14, 15, 16, 17])
})

test('gives rows as wide as a vector', () => {
  const frames = extractFrames(Float32Array.from({ length: 4000 }, (_, index) => Math.sin(index / 9)))
  const rows = joinFrameGroups(frames)
  const width = featureNames(defaultFeatureSpec).length
  expect(rows).toHaveLength(frames.frameCount * width)
  expect(rows[2 * width - 1]).toBe(frames.rms[1])
})
