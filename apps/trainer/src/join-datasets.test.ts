import type { SharedClip } from '@ser/database'
import { describe, expect, it } from 'vitest'
import { joinDatasets } from './join-datasets.ts'

const clip = (sha256: string, label: string, dataset = 'a') => ({
  sha256,
  label,
  dataset,
  speaker: 'OAF',
  word: null,
  split: null,
  parent: null,
})
const shared = (sha256: string, changes: Partial<SharedClip> = {}): SharedClip => ({
  sha256,
  datasets: ['a', 'b'],
  labels: ['sad'],
  speakers: ['OAF'],
  ...changes,
})
const byClip = { split: { by: 'clip', test: 0.5 } } as const
const bySpeaker = { split: { by: 'speaker-fold', folds: 2, fold: 1 } } as const

describe('the clips of joined datasets', () => {
  it('keep their rows, know every dataset that has them, and leave foreign labels out', () => {
    const clips = [clip('1', 'calm'), clip('2', 'sad'), clip('3', 'happy', 'b')]
    expect(joinDatasets({ clips }, [shared('2')], byClip)).toEqual([
      { ...clips[1], row: 1, class: 5, datasets: ['a', 'b'] },
      { ...clips[2], row: 2, class: 3, datasets: ['b'] },
    ])
  })

  it('have foreign labels too when those are asked for', () => {
    const known = joinDatasets({ clips: [clip('1', 'calm')] }, [], { ...byClip, relabel: { calm: 'neutral' } })
    expect(known).toEqual([expect.objectContaining({ label: 'neutral', class: 4 })])
  })

  it('are refused when the same bytes have two labels, unless both count as the same', () => {
    const clips = [clip('1', 'calm'), clip('2', 'sad')]
    const conflict = [shared('1', { labels: ['calm', 'neutral'] })]
    expect(() => joinDatasets({ clips }, conflict, byClip)).toThrow(
      expect.objectContaining({
        code: 'RUN_LABELS_CONFLICT',
        kind: 'bad-input',
        ids: { clip: '1', count: 1 },
        message: expect.stringContaining('1 is calm and neutral (a, b)'),
      }),
    )
    expect(joinDatasets({ clips }, conflict, { ...byClip, relabel: { calm: 'neutral' } })).toHaveLength(2)
  })

  it('are refused when the same bytes have two speakers and the split is by speaker', () => {
    const clips = [clip('2', 'sad')]
    const conflict = [shared('2', { speakers: ['Anna', 'OAF'] })]
    expect(joinDatasets({ clips }, conflict, byClip)).toHaveLength(1)
    expect(() => joinDatasets({ clips }, conflict, bySpeaker)).toThrow(
      expect.objectContaining({ code: 'RUN_SPEAKERS_CONFLICT', message: expect.stringContaining('Anna and OAF') }),
    )
  })
})
