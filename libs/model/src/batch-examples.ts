import { SerError } from '@ser/contracts'
import type { Architecture } from './describe-architecture.ts'
import { pooledSteps } from './describe-architecture.ts'
import { shuffledIndices, standardNormal, type Generator } from './generate-random.ts'
import type { Inputs } from './normalise-inputs.ts'

/** Recordings with their classes. */
export type Examples = Inputs & {
  /** The class of each recording, 0 to `classes - 1`. */
  readonly labels: Uint8Array
  /** The domain of each recording, by any numbers; for sampling that is balanced by domain. */
  readonly domains?: Uint32Array
}

/** Recordings as the network reads them. */
export type Sequences = {
  /** [steps, size, inputs], time first; zeros after a sequence's last step. */
  readonly values: Float32Array
  readonly shape: readonly [steps: number, size: number, inputs: number]
  /** Steps of each sequence where they differ; absent: all have all steps. */
  readonly lengths?: Uint32Array
}

/** Which recordings lie where, so that batches can be taken out of them. */
export type Recordings = {
  readonly count: number
  readonly vectors: Float32Array
  readonly lengthOf: (recording: number) => number
  /** Puts the chosen recordings side by side. */
  readonly gather: (recordings: ArrayLike<number>, options?: GatherOptions) => Sequences
}

export type GatherOptions = {
  /** Is added to what is real, not to what is filled up. */
  readonly noise?: (() => number) | undefined
  /** Takes a piece of the frames: given how many there are, the first and how many from there on. */
  readonly crop?: ((length: number) => readonly [start: number, length: number]) | undefined
}

/** So many values of time go through the network at once: 256 recordings of 170 steps. What is more is done in parts. */
export const STEPS_AT_ONCE = 256 * 170

/** Batches of one length are formed among so many of them at a time: enough to fill up little, few enough to stay random. */
const BATCHES_SORTED = 16

/** Arranges vectors (normalised, if the model wants them so) for `gather`. */
export function arrangeRecordings(
  { layout, features }: Architecture,
  vectors: Float32Array,
  lengths?: Uint32Array,
): Recordings {
  if (layout === 'frames') return arrangeFrames(features, vectors, lengths ?? Uint32Array.of(vectors.length / features))
  const [steps, inputs] = layout === 'one-step' ? [1, features] : [features, 1]
  const gather = (recordings: ArrayLike<number>, { noise }: GatherOptions = {}): Sequences => {
    const size = recordings.length
    const values = new Float32Array(size * features)
    for (let place = 0; place < size; place++) {
      const row = vectors.subarray(recordings[place] * features, (recordings[place] + 1) * features)
      if (steps === 1) values.set(row, place * features)
      else for (let step = 0; step < steps; step++) values[step * size + place] = row[step]
    }
    if (noise !== undefined) for (let at = 0; at < values.length; at++) values[at] += noise()
    return { values, shape: [steps, size, inputs] }
  }
  return { count: vectors.length / features, vectors, lengthOf: () => steps, gather }
}

function arrangeFrames(features: number, vectors: Float32Array, lengths: Uint32Array): Recordings {
  const starts = new Float64Array(lengths.length + 1)
  for (const [recording, length] of lengths.entries()) starts[recording + 1] = starts[recording] + length
  const gather = (recordings: ArrayLike<number>, { noise, crop }: GatherOptions = {}): Sequences => {
    const size = recordings.length
    const pieces = Array.from(recordings, (recording) => (crop ?? wholeRecording)(lengths[recording]))
    const chosen = Uint32Array.from(pieces, ([, length]) => length)
    const steps = chosen.reduce((longest, length) => Math.max(longest, length), 0)
    const values = new Float32Array(steps * size * features)
    for (const [place, length] of chosen.entries()) {
      const start = (starts[recordings[place]] + pieces[place][0]) * features
      for (let step = 0; step < length; step++) {
        const at = (step * size + place) * features
        values.set(vectors.subarray(start + step * features, start + (step + 1) * features), at)
        if (noise !== undefined) for (let column = 0; column < features; column++) values[at + column] += noise()
      }
    }
    const equal = chosen.every((length) => length === steps)
    return { values, shape: [steps, size, features], ...(equal ? {} : { lengths: chosen }) }
  }
  return { count: lengths.length, vectors, lengthOf: (recording) => lengths[recording], gather }
}

function wholeRecording(length: number): readonly [start: number, length: number] {
  return [0, length]
}

/**
 * The batches of an epoch in random order, each recording once. Recordings of like length come into one batch: those of every
 * 16 batches are sorted by length and cut anew, so that little is filled up and yet every epoch has other batches.
 */
export function drawBatches({ count, lengthOf }: Recordings, batchSize: number, random: Generator): Uint32Array[] {
  const order = shuffledIndices(count, random)
  const differ = order.some((recording) => lengthOf(recording) !== lengthOf(0))
  if (!differ) return cut(order, batchSize)
  const batches: Uint32Array[] = []
  for (const part of cut(order, batchSize * BATCHES_SORTED)) {
    batches.push(...cut(byLength(part, lengthOf), batchSize))
  }
  return Array.from(shuffledIndices(batches.length, random), (index) => batches[index])
}

/** Divides recordings into parts of at most `STEPS_AT_ONCE` steps, filled-up ones included; a recording is never divided. */
export function partsOf(recordings: Uint32Array, lengthOf: (recording: number) => number): Uint32Array[] {
  const parts: Uint32Array[] = []
  let start = 0
  let longest = 0
  for (let at = 0; at < recordings.length; at++) {
    const length = lengthOf(recordings[at])
    if (at > start && Math.max(longest, length) * (at - start + 1) > STEPS_AT_ONCE) {
      parts.push(recordings.subarray(start, at))
      start = at
      longest = 0
    }
    longest = Math.max(longest, length)
  }
  return [...parts, recordings.subarray(start)]
}

/** All recordings, the short ones first, those of one length in their order. */
export function recordingsByLength({ count, lengthOf }: Recordings): Uint32Array {
  return byLength(
    Uint32Array.from({ length: count }, (_, index) => index),
    lengthOf,
  )
}

/** Normal numbers of a given deviation. */
export function gaussianNoise(deviation: number, random: Generator): () => number {
  return () => deviation * standardNormal(random)
}

/** @throws SerError NOT_ENOUGH_EXAMPLES, FEATURES_NOT_FINITE, SEQUENCE_TOO_SHORT (bad-input); RangeError for a mistake of the caller */
export function checkExamples(architecture: Architecture, examples: Examples, side: string): void {
  const { vectors, labels, lengths, speakers = labels, domains = labels } = examples
  const { features, layout, classes } = architecture
  if (labels.length === 0) {
    throw new SerError('NOT_ENOUGH_EXAMPLES', `there is no recording on the ${side} side`, { kind: 'bad-input' })
  }
  if ((lengths !== undefined) !== (layout === 'frames')) {
    throw new RangeError(
      `the layout ${layout} ${lengths === undefined ? 'needs' : 'has no'} lengths, on the ${side} side`,
    )
  }
  const rows = lengths === undefined ? labels.length : lengths.reduce((total, length) => total + length, 0)
  if (vectors.length !== rows * features || (lengths ?? labels).length !== labels.length) {
    throw new RangeError(`${vectors.length} values for ${labels.length} recordings of ${features} on the ${side} side`)
  }
  if (speakers.length !== labels.length || domains.length !== labels.length) {
    throw new RangeError(`not every recording of the ${side} side has its speaker and domain`)
  }
  const value = vectors.findIndex((each) => !Number.isFinite(each))
  if (value >= 0) {
    const recording = recordingOf(Math.floor(value / features), lengths)
    const message = `recording ${recording} of the ${side} side has a feature that is not a number`
    throw new SerError('FEATURES_NOT_FINITE', message, { kind: 'bad-input' })
  }
  if (lengths !== undefined) checkLengths(architecture, lengths, side)
  if (labels.some((label) => label >= classes)) {
    throw new RangeError(`a label on the ${side} side is not one of ${classes} classes`)
  }
}

/** @throws SerError SEQUENCE_TOO_SHORT when nothing of a sequence is left after the convolutions (bad-input) */
export function checkLengths({ convolutions }: Architecture, lengths: Uint32Array, side: string): void {
  const recording = lengths.findIndex((length) => pooledSteps(length, convolutions) < 1)
  if (recording < 0) return
  const message = `recording ${recording} of the ${side} side has ${lengths[recording]} frames, too few for this network`
  throw new SerError('SEQUENCE_TOO_SHORT', message, { kind: 'bad-input' })
}

function recordingOf(row: number, lengths: Uint32Array | undefined): number {
  if (lengths === undefined) return row
  let end = 0
  return lengths.findIndex((length) => (end += length) > row)
}

function cut(items: Uint32Array, size: number): Uint32Array[] {
  const parts = Math.ceil(items.length / size)
  return Array.from({ length: parts }, (_, part) => items.subarray(part * size, (part + 1) * size))
}

function byLength(recordings: Uint32Array, lengthOf: (recording: number) => number): Uint32Array {
  // Array sorts are stable; those of typed arrays too, but only by contract of newer engines.
  return Uint32Array.from([...recordings].sort((a, b) => lengthOf(a) - lengthOf(b)))
}
