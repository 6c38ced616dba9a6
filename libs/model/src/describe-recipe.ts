import { createHash, type Hash } from 'node:crypto'
import { canonicalJson } from '@ser/contracts'
import type { Examples } from './batch-examples.ts'
import type { FitOptions } from './fit-options.ts'

/** The version of the training loop: a checkpoint of one is of no use to another. */
const LOOP = 2

/** A hash of everything that decides a training's numbers: its options, its recordings and the weights that it begins with. */
export function describeRecipe(options: FitOptions): string {
  const { model, train, test, validation, epochs, batchSize, learningRate, seed } = options
  const { earlyStopping, schedule, classWeights, labelSmoothing, weightDecay, clipNorm, noise } = options
  const { inputDropout, mixup, crop, sampling } = options
  const extras = { earlyStopping, schedule, classWeights, labelSmoothing, weightDecay, clipNorm, noise }
  const disturbances = { inputDropout, mixup, crop, sampling, renewal: options.renewal?.identity }
  const { architecture, normalisation } = model
  const { mean, deviation, ...bySpeaker } = normalisation?.speaker ?? {}
  const inputs = { decibel: normalisation?.decibel, bySpeaker }
  const plan = { LOOP, architecture, inputs, epochs, batchSize, learningRate, seed, ...extras, ...disturbances }
  const hash = createHash('sha256').update(canonicalJson(plan))
  for (const weight of model.weights.values()) addValues(hash, weight.dataSync<'float32'>())
  for (const values of [mean, deviation]) if (values !== undefined) addValues(hash, values)
  for (const values of Object.values(normalisation?.standard ?? {})) addValues(hash, values)
  for (const side of [train, validation, test]) addSide(hash, side)
  return hash.digest('hex')
}

function addSide(hash: Hash, side: Examples | undefined): void {
  hash.update(`side ${side?.labels.length ?? 'absent'};`)
  if (side === undefined) return
  addValues(hash, side.labels)
  for (const numbers of [side.lengths, side.speakers, side.domains]) {
    hash.update(`${numbers?.length ?? 'none'};`)
    if (numbers !== undefined) addValues(hash, numbers)
  }
  addValues(hash, side.vectors)
}

/** In pieces, because a call takes at most 2 GiB. */
function addValues(hash: Hash, { buffer, byteOffset, byteLength }: Float32Array | Uint8Array | Uint32Array): void {
  const piece = 2 ** 28
  for (let at = 0; at < byteLength; at += piece) {
    hash.update(new Uint8Array(buffer, byteOffset + at, Math.min(piece, byteLength - at)))
  }
}
