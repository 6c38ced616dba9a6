import { createAsyncWaveformLoader } from '@ser/audio'
import { stressVariants, type NamedRecording, type Resources } from '@ser/augmentation'
import { contentHash, SerError } from '@ser/contracts'
import {
  createRowMaker,
  joinRows,
  loadMembers,
  loadTensorflow,
  needsSpeakers,
  predictMembers,
  type MemberRows,
} from '@ser/model'
import { mostProbable } from '@ser/metrics'
import type { PartTask, StoredRecording, StressOrder } from './stress-messages.ts'

/** Lets a model hear recordings under conditions. */
export type Listener = {
  /** The classes, in the order of what is predicted. */
  readonly labels: readonly string[]
  /**
   * Of one speaker, if the model normalises by speaker: by all recordings of the task under the same condition, unlabelled.
   * The predicted class of each recording under each condition: all recordings under the first, then under the second ...
   */
  readonly hear: (task: Pick<PartTask, 'recordings'>) => Promise<Uint8Array>
}

/**
 * Reads the model, and the recordings that are mixed in. Recordings are changed at the sample rate that the model hears, so that an SNR holds
 * in the band that it hears; what a recording becomes is decided by the seed and its content, not by which others there are.
 *
 * @throws SerError what `loadMembers`, `createRowMaker` and the decoders throw
 */
export async function createListener({ model: file, conditions, seed, resources }: StressOrder): Promise<Listener> {
  // One thread: each process has a core, and sums do not depend on how many there are.
  const { tf } = await loadTensorflow({ threads: 1 })
  const ensemble = loadMembers(tf, file)
  const { labels, members } = ensemble
  const { sampleRate } = members[0].features.spec
  const load = createAsyncWaveformLoader({ sampleRate })
  const makeRows = createRowMaker(ensemble)
  const decoded = await decodeAll(resources, async (bytes) => (await load(bytes)).samples, sampleRate)
  return {
    labels,
    async hear({ recordings }) {
      const rows: MemberRows[] = []
      for (const [index, { sha256, bytes }] of recordings.entries()) {
        const { samples } = await load(bytes)
        const options = { sampleRate, conditions, seed: contentHash({ stress: seed, clip: sha256 }) }
        let place = index
        for (const variant of stressVariants(samples, { ...options, resources: without(decoded, sha256) })) {
          rows[place] = makeRows(variant)
          place += recordings.length
        }
      }
      // A model that normalises by speaker does so by the recordings of the task, which are of one, under each condition by itself.
      const conditionOf = Uint32Array.from(rows, (_, place) => Math.floor(place / recordings.length))
      const inputs = joinRows(ensemble, rows, needsSpeakers(ensemble) ? conditionOf : undefined)
      return Uint8Array.from(mostProbable(predictMembers(members, inputs), labels.length))
    },
  }
}

async function decodeAll(
  resources: StressOrder['resources'],
  decode: (bytes: Uint8Array) => Promise<Float32Array>,
  sampleRate: number,
): Promise<Resources> {
  const decoded: Record<string, NamedRecording[]> = {}
  for (const [group, recordings] of Object.entries(resources)) {
    decoded[group] = []
    for (const recording of recordings) {
      const samples = await decodeOne(group, recording, decode)
      decoded[group].push({ name: recording.sha256, sampleRate, samples })
    }
  }
  return decoded
}

async function decodeOne(
  group: string,
  { sha256, bytes }: StoredRecording,
  decode: (bytes: Uint8Array) => Promise<Float32Array>,
): Promise<Float32Array> {
  try {
    return await decode(bytes)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new SerError('RESOURCE_UNUSABLE', `the recording ${sha256} of "${group}" cannot be mixed in: ${reason}`, {
      kind: 'bad-input',
      ids: { clip: sha256 },
      cause: error,
    })
  }
}

/** A recording is never its own noise. */
function without(resources: Resources, sha256: string): Resources {
  const others = Object.entries(resources).map(
    ([group, recordings]) => [group, recordings.filter(({ name }) => name !== sha256)] as const,
  )
  return Object.fromEntries(others)
}
