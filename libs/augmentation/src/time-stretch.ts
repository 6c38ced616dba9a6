import { requireRange, requireSampleRate } from './errors.ts'

export type TimeStretchParams = {
  /** Above 1 is faster and shorter; 0.25 to 4. */
  readonly rate: number
  /** Crop or pad with silence to the input's length (default false). */
  readonly keepLength?: boolean | undefined
}

const FRAME_SECONDS = 0.03
const SEARCH_SECONDS = 0.01
/** The coarse search runs at about this sample rate: pitch and first formants decide where waveforms match. */
const COARSE_RATE = 6000

/** The input between two margins of silence, and the same averaged over `step` samples for the coarse search. */
type Signal = {
  readonly fine: Float64Array
  readonly coarse: Float64Array
  readonly step: number
  readonly margin: number
}

function prepareSignal(samples: Float32Array, margin: number, step: number): Signal {
  const fine = new Float64Array(samples.length + 2 * margin)
  fine.set(samples, margin)
  const coarse = new Float64Array(Math.ceil(fine.length / step))
  for (let i = 0; i < fine.length; i++) coarse[Math.floor(i / step)] += fine[i]
  return { fine, coarse, step, margin }
}

/** Where, among the offsets from `first` to `last`, the signal looks most like itself at `target`: normalised cross-correlation. */
function bestOffset(
  signal: Float64Array,
  target: number,
  around: number,
  range: { readonly first: number; readonly last: number; readonly length: number },
): number {
  let best = 0
  let highest = 0
  for (let offset = range.first; offset <= range.last; offset++) {
    const candidate = around + offset
    let product = 0
    let energy = 0
    for (let i = 0; i < range.length; i++) {
      product += signal[target + i] * signal[candidate + i]
      energy += signal[candidate + i] * signal[candidate + i]
    }
    const similarity = energy > 0 ? product / Math.sqrt(energy) : 0
    if (similarity > highest) {
      highest = similarity
      best = offset
    }
  }
  return best
}

/** Coarse search over the whole tolerance, then a fine one around its result. */
function alignFrame(
  { fine, coarse, step }: Signal,
  target: number,
  around: number,
  hop: number,
  search: number,
): number {
  const reach = Math.floor(search / step)
  const roughly = bestOffset(coarse, Math.round(target / step), Math.round(around / step), {
    first: -reach,
    last: reach,
    length: Math.floor(hop / step),
  })
  const at = around + roughly * step
  return at + bestOffset(fine, target, at, { first: -step, last: step, length: hop })
}

/**
 * Changes the tempo and keeps the pitch (audiomentations' TimeStretch), by waveform-similarity overlap-add (WSOLA; Verhelst, Roelands 1993)
 * with 30 ms frames and a search of 10 ms to either side. WSOLA and not a phase vocoder, because a recording here is one voice: frames are
 * moved whole, so formants, onsets and the shape of the glottal pulses stay, where a vocoder smears them (Driedger, Mueller 2016).
 * @returns `round(samples.length / rate)` samples (at least one for a recording that is not empty); rate 1 gives the input.
 */
export function timeStretch(
  samples: Float32Array,
  sampleRate: number,
  { rate, keepLength = false }: TimeStretchParams,
): Float32Array {
  requireSampleRate(sampleRate)
  requireRange('rate', rate, 0.25, 4)
  if (rate === 1 || samples.length === 0) return samples.slice()
  const stretched = overlapAdd(samples, sampleRate, rate)
  if (!keepLength) return stretched
  const output = new Float32Array(samples.length)
  output.set(stretched.subarray(0, output.length))
  return output
}

function overlapAdd(samples: Float32Array, sampleRate: number, rate: number): Float32Array {
  const hop = Math.max(2, Math.round((FRAME_SECONDS * sampleRate) / 2))
  const search = Math.round(SEARCH_SECONDS * sampleRate)
  const output = new Float32Array(Math.max(1, Math.round(samples.length / rate)))
  const frames = Math.ceil(output.length / hop) + 1
  const step = Math.max(1, Math.round(sampleRate / COARSE_RATE))
  const margin = 4 * hop + 2 * search + 2 * step + Math.ceil(hop * rate)
  const signal = prepareSignal(samples, margin, step)
  const window = Float64Array.from({ length: 2 * hop }, (_, i) => 0.5 - 0.5 * Math.cos((Math.PI * i) / hop))
  let chosen = margin - hop
  for (let frame = 0; frame < frames; frame++) {
    const wanted = margin - hop + Math.round(frame * hop * rate)
    if (frame > 0) chosen = alignFrame(signal, chosen + hop, wanted, hop, search)
    const start = (frame - 1) * hop
    const from = Math.max(0, -start)
    const to = Math.min(2 * hop, output.length - start)
    for (let i = from; i < to; i++) output[start + i] += window[i] * signal.fine[chosen + i]
  }
  return output
}
