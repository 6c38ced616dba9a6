import { describe, expect, it } from 'vitest'
import { keepLargest, noErrors } from './measure-errors.ts'

const theirs = Array.from({ length: 170 }, (_, i) => (i < 128 ? 2 : i < 168 ? -10 : i === 168 ? 0.1 : 0.5))

describe('keepLargest', () => {
  it('keeps the largest error of each group and where it is', () => {
    const ours = Float32Array.from(theirs)
    ours[5] = 2.5
    ours[130] = -11
    ours[168] = 0.1 + 3 / (512 * 10)
    ours[169] = 0.25
    const largest = keepLargest(noErrors(), { path: 'a.wav', frames: 10, ours, theirs })
    expect(largest.mel).toEqual({ error: 0.25, path: 'a.wav', index: 5 })
    expect(largest.mfcc).toEqual({ error: 0.1, path: 'a.wav', index: 130 })
    expect(largest.zcr.error).toBeCloseTo(3, 3)
    expect(largest.rms).toEqual({ error: 0.5, path: 'a.wav', index: 169 })
    const better = keepLargest(largest, { path: 'b.wav', frames: 10, ours: Float32Array.from(theirs), theirs })
    expect(better.mel.path).toBe('a.wav')
  })

  it('takes a value that is not a number as an error', () => {
    const ours = Float32Array.from(theirs).fill(Number.NaN, 7, 8)
    expect(keepLargest(noErrors(), { path: 'a.wav', frames: 10, ours, theirs }).mel).toMatchObject({
      error: Infinity,
      index: 7,
    })
  })
})
