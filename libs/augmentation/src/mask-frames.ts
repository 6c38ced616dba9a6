import { maskSpectrogram } from './mask-spectrogram.ts'
import { createRandom, type Seed } from './random.ts'
import type { Recipe } from './recipe-schema.ts'

/** The stream of the frame masks: apart from those of the steps, which are numbered from 0. */
const FRAMES_STREAM = -1

/**
 * Applies a recipe's masks to the frames of a recording.
 * @param matrix [frames x bins], frame after frame. @returns a copy; unmasked where the recipe has no masks, or chance leaves them out.
 */
export function maskFrames(
  matrix: Float32Array,
  { bins, recipe, seed }: { readonly bins: number; readonly recipe: Recipe; readonly seed: Seed },
): Float32Array {
  const random = createRandom(seed).fork(FRAMES_STREAM)
  if (recipe.frames === undefined || random.uniform() >= recipe.frames.p) return matrix.slice()
  return maskSpectrogram(matrix, { bins, ...recipe.frames }, random)
}
