import { emotionIndex, SerError, type RunSpec } from '@ser/contracts'
import type { SharedClip, VectorClip } from '@ser/database'
import type { SplitItem } from '@ser/corpus'

/** A clip to train or test on: its row in the source of vectors, its class, and what a split must know of it. */
export type KnownClip = SplitItem & {
  readonly row: number
  readonly class: number
  readonly datasets: readonly string[]
}

const NAMED_AT_MOST = 5

/**
 * The clips of a run's datasets with the labels that they count as, each clip once. Those whose label is none of the seven emotions
 * and is not relabelled take no part. A recording that lies in several datasets is one clip of all of them.
 *
 * @param shared the clips of which the datasets do not all say the same
 * @throws SerError RUN_LABELS_CONFLICT when datasets give the same bytes different labels, RUN_SPEAKERS_CONFLICT when they give them
 *   different speakers and the split is by speaker (bad-input)
 */
export function joinDatasets(
  source: { readonly clips: readonly VectorClip[] },
  shared: readonly SharedClip[],
  spec: Pick<RunSpec, 'relabel' | 'split'>,
): KnownClip[] {
  const relabel = new Map(Object.entries(spec.relabel ?? {}))
  const countsAs = (label: string) => relabel.get(label) ?? label
  const bySha = new Map(shared.map((clip) => [clip.sha256, clip]))
  refuseConflicts(
    shared.filter(({ labels }) => new Set(labels.map((label) => emotionIndex(countsAs(label)))).size > 1),
    ({ labels }) => labels,
    'RUN_LABELS_CONFLICT',
    'label',
  )
  if (spec.split.by === 'speaker' || spec.split.by === 'speaker-fold') {
    refuseConflicts(
      shared.filter(({ speakers }) => speakers.length > 1),
      ({ speakers }) => speakers,
      'RUN_SPEAKERS_CONFLICT',
      'speaker',
    )
  }
  return source.clips.flatMap((clip, row) => {
    const label = countsAs(clip.label)
    const index = emotionIndex(label)
    if (index < 0) return []
    const datasets = bySha.get(clip.sha256)?.datasets ?? [clip.dataset]
    return [{ ...clip, label, datasets, row, class: index }]
  })
}

/** Which of them is right only a person can say, and a model that learns the wrong one says nothing. */
function refuseConflicts(
  conflicts: readonly SharedClip[],
  saidOf: (clip: SharedClip) => readonly string[],
  code: string,
  what: string,
): void {
  if (conflicts.length === 0) return
  const some = conflicts
    .slice(0, NAMED_AT_MOST)
    .map((clip) => `${clip.sha256} is ${saidOf(clip).join(' and ')} (${clip.datasets.join(', ')})`)
  const rest = conflicts.length > NAMED_AT_MOST ? ` and ${conflicts.length - NAMED_AT_MOST} more` : ''
  const message = `${conflicts.length} recordings of these datasets have more than one ${what}: ${some.join('; ')}${rest}; ingest them with one`
  throw new SerError(code, message, { kind: 'bad-input', ids: { clip: conflicts[0].sha256, count: conflicts.length } })
}
