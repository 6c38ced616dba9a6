import { describe, expect, it } from 'vitest'
import { divideRecordings } from './divide-recordings.ts'

const recordingsOf = (speaker: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    sha256: `${speaker}${index}`,
    objectKey: 'key',
    bytes: 1,
    label: 0,
    speaker,
  }))

describe('parts of the test recordings', () => {
  it('are of sixteen, in their order, and the last of the rest', () => {
    const recordings = recordingsOf('OAF', 35)
    const parts = divideRecordings(recordings, false)
    expect(parts.map((each) => [each.part, each.recordings.length])).toEqual([
      [0, 16],
      [1, 16],
      [2, 3],
    ])
    expect(parts.flatMap((part) => part.recordings)).toEqual(recordings)
  })

  it('hold one speaker each where a speaker has to be heard together, as few and as equal as can be', () => {
    const mixed = [...recordingsOf('YAF', 3), ...recordingsOf('OAF', 130), ...recordingsOf('YAF', 2)]
    const parts = divideRecordings(mixed, true)
    expect(parts.map(({ part, recordings }) => [part, recordings[0].speaker, recordings.length])).toEqual([
      [0, 'OAF', 65],
      [1, 'OAF', 65],
      [2, 'YAF', 5],
    ])
    for (const { recordings } of parts) expect(new Set(recordings.map(({ speaker }) => speaker)).size).toBe(1)
  })
})
