/** Values by the names of the weights. */
export type WeightValues = ReadonlyMap<string, Float32Array>

/** Adam's memory: how many steps it took, and the running means of the gradients and of their squares. */
export type Moments = { step: number; readonly first: WeightValues; readonly second: WeightValues }

export type UpdateOptions = {
  readonly rate: number
  /** Decoupled from the gradient, for kernels only: biases have nothing to be shrunk for. */
  readonly weightDecay?: number
  /** The gradient of all weights together is scaled down to this norm. */
  readonly clipNorm?: number
}

const FIRST_DECAY = 0.9
const SECOND_DECAY = 0.999
const EPSILON = 1e-7

export function noMoments(weights: WeightValues): Moments {
  const zeros = () => new Map(Array.from(weights, ([name, { length }]) => [name, new Float32Array(length)]))
  return { step: 0, first: zeros(), second: zeros() }
}

/**
 * One step of Adam (Kingma and Ba 2015) with Keras' constants and its place of epsilon, or of AdamW; weights and moments change in
 * place. In JavaScript, because one loop over the weights takes less than the hundred small operations that it is in
 * TensorFlow.js, and gives the same numbers on every backend. A weight without a gradient has one of zeros.
 */
export function updateWeights(
  weights: WeightValues,
  gradients: WeightValues,
  moments: Moments,
  { rate, weightDecay = 0, clipNorm = Infinity }: UpdateOptions,
): void {
  moments.step += 1
  const norm = clipNorm === Infinity ? 0 : globalNorm(gradients)
  const scale = norm > clipNorm ? clipNorm / norm : 1
  const pace = (rate * Math.sqrt(1 - SECOND_DECAY ** moments.step)) / (1 - FIRST_DECAY ** moments.step)
  for (const [name, values] of weights) {
    const first = moments.first.get(name)
    const second = moments.second.get(name)
    if (first === undefined || second === undefined) throw new Error(`no moments for the weights ${name}`)
    const gradient = gradients.get(name)
    const kept = name.endsWith('kernel') ? 1 - rate * weightDecay : 1
    // The recurrent kernels of sequences of one step: nearly half of all weights, and nothing ever moves them.
    if (gradient === undefined && kept === 1 && isZero(second)) continue
    const slopes = gradient ?? new Float32Array(values.length)
    updateValues(values, { slopes, first, second }, { scale, pace, kept })
  }
}

/** A function of its own, because engines make better code of a loop over few arrays. */
function updateValues(
  values: Float32Array,
  { slopes, first, second }: Readonly<Record<'slopes' | 'first' | 'second', Float32Array>>,
  { scale, pace, kept }: Readonly<Record<'scale' | 'pace' | 'kept', number>>,
): void {
  for (let at = 0; at < values.length; at++) {
    const slope = slopes[at] * scale
    const mean = FIRST_DECAY * first[at] + (1 - FIRST_DECAY) * slope
    const square = SECOND_DECAY * second[at] + (1 - SECOND_DECAY) * slope * slope
    first[at] = mean
    second[at] = square
    values[at] = kept * values[at] - (pace * mean) / (Math.sqrt(square) + EPSILON)
  }
}

/** A loop: engines call the function that `every` is given for each value. */
function isZero(values: Float32Array): boolean {
  for (let at = 0; at < values.length; at++) if (values[at] !== 0) return false
  return true
}

function globalNorm(gradients: WeightValues): number {
  let total = 0
  for (const gradient of gradients.values()) {
    for (let at = 0; at < gradient.length; at++) total += gradient[at] * gradient[at]
  }
  return Math.sqrt(total)
}
