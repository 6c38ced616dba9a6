import type { Model } from './build-model.ts'
import type { Architecture } from './describe-architecture.ts'
import { encodeSafetensors, type StoredTensor } from './encode-safetensors.ts'
import type { Ensemble } from './members.ts'
import {
  architectureSchema,
  FORMATS,
  memberSchema,
  normalisationSchema,
  type DescribedNormalisation,
  type ModelDescription,
} from './model-file.ts'
import type { Normalisation } from './normalise-inputs.ts'

/**
 * A model as one self-contained file: safetensors, weights under Keras' names (LSTM gates i, f, c, o), and as metadata `format`,
 * `architecture`, `description` and, if the model has one, `normalisation`, all JSON. It names no run and no time: equal models
 * are equal bytes.
 */
export function saveModel(model: Model, { labels, features }: ModelDescription): Uint8Array {
  return saveMembers({ labels, members: [{ model, features, weight: 1 }] })
}

/**
 * One network is saved as `saveModel` says. Of several the metadata are `format`, `description` (the labels) and `members`, and the
 * tensors of each lie under `member_1/`, `member_2/` ...
 */
export function saveMembers({ labels, members }: Ensemble): Uint8Array {
  if (members.length > 1) return saveSeveral({ labels, members })
  const { model, features } = members[0]
  const { normalisation } = model
  return encodeSafetensors({
    metadata: {
      format: formatOf(model),
      // Parsed, so that its parts come in one order.
      architecture: JSON.stringify(architectureSchema.parse(model.architecture)),
      description: JSON.stringify({ labels, features }),
      ...(normalisation === undefined ? {} : { normalisation: JSON.stringify(describeNormalisation(normalisation)) }),
    },
    tensors: [...normalisationTensors(normalisation), ...weightTensors(model)],
  })
}

function saveSeveral({ labels, members }: Ensemble): Uint8Array {
  const described = members.map(({ model: { architecture, normalisation }, features, weight }) =>
    memberSchema.parse({
      architecture,
      features,
      weight,
      ...(normalisation === undefined ? {} : { normalisation: describeNormalisation(normalisation) }),
    }),
  )
  const metadata = {
    format: FORMATS[2],
    description: JSON.stringify({ labels }),
    members: JSON.stringify(described),
  }
  const tensors = members.flatMap(({ model }, index) =>
    [...normalisationTensors(model.normalisation), ...weightTensors(model)].map((tensor) => ({
      ...tensor,
      name: `member_${index + 1}/${tensor.name}`,
    })),
  )
  return encodeSafetensors({ metadata, tensors })
}

function formatOf({ architecture, normalisation }: Model): (typeof FORMATS)[number] {
  if (normalisation?.speaker !== undefined) return FORMATS[2]
  return FORMATS[normalisation === undefined && isPaper(architecture) ? 0 : 1]
}

/** The weights as they are now, by name. */
function weightTensors({ weights }: Model): StoredTensor[] {
  return [...weights].map(([name, weight]) => ({ name, shape: weight.shape, values: weight.dataSync<'float32'>() }))
}

function isPaper({ layout, convolutions, bidirectional, pooling }: Architecture): boolean {
  return layout !== 'frames' && convolutions === undefined && bidirectional === undefined && pooling === undefined
}

function describeNormalisation({ decibel, speaker, standard }: Normalisation): DescribedNormalisation {
  const { mean: _mean, deviation: _deviation, ...bySpeaker } = speaker ?? {}
  return normalisationSchema.parse({
    ...(decibel === undefined ? {} : { decibel }),
    ...(speaker === undefined ? {} : { speaker: bySpeaker }),
    standard: standard !== undefined,
  })
}

function normalisationTensors({ speaker, standard }: Normalisation = {}): StoredTensor[] {
  return [
    ...(speaker === undefined
      ? []
      : [rowTensor('speakers/mean', speaker.mean), rowTensor('speakers/deviation', speaker.deviation)]),
    ...(standard === undefined
      ? []
      : [rowTensor('input/mean', standard.mean), rowTensor('input/deviation', standard.deviation)]),
  ]
}

function rowTensor(name: string, values: Float32Array): StoredTensor {
  return { name, shape: [values.length], values }
}
