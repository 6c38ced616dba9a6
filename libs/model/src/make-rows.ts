import { SerError } from '@ser/contracts'
import { createRowExtractors, extractorVersion } from '@ser/features'
import { disposeMembers, type Ensemble } from './members.ts'
import type { Inputs } from './normalise-inputs.ts'
import { selectFeatures } from './select-features.ts'

/** What each network of a model sees of a recording: one row of values, or in the layout `frames` one a frame. */
export type MemberRows = readonly Float32Array[]

/**
 * Turns a recording, at the sample rate of the model's features, into what each of its networks sees of it. What their features have in
 * common is computed once.
 *
 * @throws SerError EXTRACTOR_MISMATCH (`conflict`) when this code computes other features than those that the model was trained on;
 * the model is then disposed of
 */
export function createRowMaker(ensemble: Ensemble): (samples: Float32Array) => MemberRows {
  checkExtractors(ensemble)
  const features = ensemble.members.map((member) => member.features)
  const extract = createRowExtractors(features.map(({ spec }) => spec))
  return (samples) =>
    extract(samples).map((rows, member) => selectFeatures(rows, features[member].spec, features[member].groups))
}

/**
 * The recordings as each network is given them.
 *
 * @param speakers by whose recordings each is normalised; absent: by the statistics of the training speakers
 */
export function joinRows({ members }: Ensemble, recordings: readonly MemberRows[], speakers?: Uint32Array): Inputs[] {
  return members.map(({ model }, member) => {
    const { features, layout } = model.architecture
    const rows = recordings.map((recording) => recording[member])
    return {
      vectors: concatenate(rows),
      ...(layout === 'frames' ? { lengths: Uint32Array.from(rows, (row) => row.length / features) } : {}),
      ...(speakers === undefined ? {} : { speakers }),
    }
  })
}

function checkExtractors(ensemble: Ensemble): void {
  for (const { features } of ensemble.members) {
    const ours = extractorVersion(features.spec)
    if (features.extractor === ours) continue
    disposeMembers(ensemble)
    const message = `the model was trained on features of extractor ${features.extractor}, and this code computes those of ${ours}: train it again`
    throw new SerError('EXTRACTOR_MISMATCH', message, { kind: 'conflict' })
  }
}

function concatenate(rows: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(rows.reduce((sum, row) => sum + row.length, 0))
  let at = 0
  for (const row of rows) {
    joined.set(row, at)
    at += row.length
  }
  return joined
}
