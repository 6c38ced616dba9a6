import type { Model } from './build-model.ts'
import type { ModelDescription } from './model-file.ts'
import type { Inputs } from './normalise-inputs.ts'
import { predictInputs } from './predict-probabilities.ts'

/** One of the networks whose probabilities make a model's. */
export type Member = {
  readonly model: Model
  /** What it sees of a recording. */
  readonly features: ModelDescription['features']
  /** What its probabilities weigh; only the ratio to the other members' matters. */
  readonly weight: number
}

/** What a model file holds: one network, or several whose probabilities are averaged. */
export type Ensemble = {
  /** The class of each output, of every member. */
  readonly labels: readonly string[]
  readonly members: readonly Member[]
}

/**
 * The probability of each class for each recording: the weighted mean of the members'.
 *
 * @param inputs the recordings as each member sees them, in the order of the members, which may share one
 * @returns row major, one row of `classes` probabilities a recording; a row sums to 1
 * @throws SerError SEQUENCE_TOO_SHORT (bad-input); RangeError when members are not given the same recordings
 */
export function predictMembers(
  members: readonly Pick<Member, 'model' | 'weight'>[],
  inputs: readonly Inputs[],
): Float32Array {
  if (inputs.length !== members.length) throw new RangeError(`${inputs.length} inputs for ${members.length} members`)
  // As they are: a weighted mean of one would be rounded once more.
  if (members.length === 1) return predictInputs(members[0].model, inputs[0])
  const total = members.reduce((sum, { weight }) => sum + weight, 0)
  let mean: Float64Array | undefined
  for (const [index, { model, weight }] of members.entries()) {
    const own = predictInputs(model, inputs[index])
    mean ??= new Float64Array(own.length)
    if (own.length !== mean.length) throw new RangeError('the members are given different numbers of recordings')
    for (let at = 0; at < own.length; at++) mean[at] += (weight / total) * own[at]
  }
  return Float32Array.from(mean ?? [])
}

/** Whether what a model says of a recording depends on which other recordings of the speaker there are. */
export function needsSpeakers({ members }: Pick<Ensemble, 'members'>): boolean {
  return members.some(({ model }) => model.normalisation?.speaker !== undefined)
}

export function disposeMembers({ members }: Pick<Ensemble, 'members'>): void {
  for (const { model } of members) model.dispose()
}
