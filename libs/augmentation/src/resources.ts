import { AugmentationError } from './errors.ts'
import type { SeededRandom } from './random.ts'
import { resampleByRatio } from './resample-by-ratio.ts'

/** A recording that a transform mixes in or convolves with. `name` says which it was in the record of what was applied. */
export type NamedRecording = {
  readonly name: string
  readonly sampleRate: number
  readonly samples: Float32Array
}

/** Recordings by group: `noise`, `voices` and `rooms` unless a recipe names others. */
export type Resources = Readonly<Record<string, readonly NamedRecording[]>>

/** Whether a group has recordings. */
export function hasRecordings(resources: Resources, group: string): boolean {
  return Object.hasOwn(resources, group) && resources[group].length > 0
}

/**
 * `count` different recordings of a group; all where it has fewer. The order in which they were handed in does not matter.
 * Throws `resource-missing`.
 */
export function drawRecordings(
  resources: Resources,
  { group, count }: { readonly group: string; readonly count: number },
  random: SeededRandom,
): NamedRecording[] {
  if (!hasRecordings(resources, group)) {
    throw new AugmentationError('resource-missing', `the recipe needs recordings in the group "${group}"`)
  }
  const inOrder = [...resources[group]].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  return random.sample(inOrder, count)
}

/** The recording's samples at a sample rate; costs nothing where it has that rate already. */
export function samplesAt(recording: NamedRecording, sampleRate: number): Float32Array {
  if (recording.sampleRate === sampleRate) return recording.samples
  return resampleByRatio(recording.samples, sampleRate / recording.sampleRate)
}
