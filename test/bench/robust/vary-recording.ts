import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { createResampler, decodeAudio, mixDown, type Resampler } from '@ser/audio'
import {
  applyRecipe,
  ROBUST_NOISE,
  stressVariants,
  type NamedRecording,
  type Recipe,
  type Resources,
  type StressCondition,
} from '@ser/augmentation'
import type { Backgrounds } from './read-noises.ts'

/** What a recording is turned into: itself, one of the variants that are trained on, or what a model is tested in. */
export type Variant = 'clean' | `train-${number}` | `${TestNoise} ${number}`
export type TestNoise = (typeof TEST_NOISES)[number]
export const TEST_NOISES = ['white', 'pink', 'babble', 'recordings'] as const
export const TEST_LEVELS = [10, 0] as const

export const TEST_VARIANTS = TEST_NOISES.flatMap((noise) =>
  TEST_LEVELS.map((snrDb) => `${noise} ${snrDb}` as const satisfies Variant),
)

export type Varied = {
  readonly variant: Variant
  readonly samples: Float32Array
  /** The speakers who are heard in the babble. */
  readonly heard: readonly string[]
}

export type VariedRecording = { readonly path: string; readonly sha256: string; readonly siblings: readonly string[] }

/** The recipe of training variants; a file may ask for another, of which the experiments tell. */
export const TRAINING_RECIPE: Recipe = ROBUST_NOISE

/**
 * Makes variants at a recording's own rate, as the augmentation worker does. Recordings of a corpus whose voices are the babble of
 * the others get that of their own speaker (`siblings`), so that no other speaker is heard in what is trained on.
 */
export function createVariator(backgrounds: Backgrounds) {
  const kept = new Map<string, NamedRecording>()
  const resamplers = new Map<string, Resampler>()
  const resamplerOf = (from: number, to: number): Resampler => {
    const known = resamplers.get(`${from} ${to}`) ?? createResampler(from, to)
    resamplers.set(`${from} ${to}`, known)
    return known
  }
  const load = (path: string, sampleRate: number): NamedRecording => {
    const key = `${sampleRate} ${path}`
    const known = kept.get(key)
    if (known !== undefined) return known
    const { samples, sampleRate: rate } = decode(path)
    const name = join(basename(dirname(path)), basename(path))
    const recording = { name, sampleRate, samples: resamplerOf(rate, sampleRate)(samples) }
    kept.set(key, recording)
    return recording
  }
  const resourcesAt = (paths: Readonly<Record<string, readonly string[]>>, sampleRate: number): Resources =>
    Object.fromEntries(
      Object.entries(paths).map(([group, each]) => [group, each.map((path) => load(path, sampleRate))]),
    )

  return function* vary(
    recording: VariedRecording,
    variants: readonly Variant[],
  ): Generator<Varied & { rate: number }> {
    const { samples, sampleRate } = decode(recording.path)
    if (variants.includes('clean')) yield { variant: 'clean', samples, heard: [], rate: sampleRate }
    const { siblings, sha256 } = recording
    for (const variant of variants.filter((each) => each.startsWith('train-'))) {
      const copy = Number(variant.slice('train-'.length))
      const voices = siblings.length > 0 ? siblings : backgrounds.training.voices
      const resources = resourcesAt({ noise: backgrounds.training.noise, voices }, sampleRate)
      const seed = `${copy.toString(16)}${sha256}`
      const made = applyRecipe(samples, { sampleRate, recipe: TRAINING_RECIPE, seed, resources })
      const heard = made.applied
        .filter(({ transform }) => transform === 'AddBabbleNoise')
        .flatMap(({ parameters }) => namesIn(parameters['recordings']).map((name) => dirname(name)))
      yield { variant, samples: made.samples, heard: [...new Set(heard)], rate: sampleRate }
    }
    const tested = TEST_VARIANTS.filter((variant) => variants.includes(variant))
    if (tested.length === 0) return
    const resources = resourcesAt(backgrounds.test, sampleRate)
    const conditions = tested.map(conditionOf)
    const made = stressVariants(samples, { sampleRate, conditions, seed: sha256, resources })
    for (const variant of tested) {
      const { value } = made.next()
      if (value !== undefined) yield { variant, samples: value, heard: [], rate: sampleRate }
    }
  }
}

function conditionOf(variant: Variant): StressCondition {
  const [name, level] = variant.split(' ')
  const noise = TEST_NOISES.find((each) => each === name)
  if (noise === undefined) throw new RangeError(`${variant} is no noise that is tested in`)
  return { kind: 'noise', noise, snrDb: Number(level) }
}

function decode(path: string) {
  const audio = decodeAudio(readFileSync(path))
  return { samples: mixDown(audio), sampleRate: audio.sampleRate }
}

function namesIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
}
