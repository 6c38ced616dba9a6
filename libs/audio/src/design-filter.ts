import { complexFft, type SplitComplex } from '@ser/kernels'
import { kaiserSinc } from './kaiser-sinc.ts'
import type { FilterStage } from './plan-resampling.ts'

/** A band filter made ready for fast convolution. */
export type FilterDesign = {
  /** Size of the transform. */
  readonly size: number
  /** Samples of output (at the input's rate) that a transform gives. */
  readonly block: number
  /** Input samples before and after a block that decide it. */
  readonly before: number
  readonly after: number
  /** The spectra of the `up` filters that each take every up-th tap, times up / size. */
  readonly spectra: readonly SplitComplex[]
}

export function designFilter({ up, taps, shape }: FilterStage): FilterDesign {
  const centre = (taps - 1) / 2
  const before = Math.floor(centre / up)
  const after = Math.floor((centre + up - 1) / up)
  const size = 2 ** Math.ceil(Math.log2((before + after + 1) * 3))
  const spectra = phaseSpectra({ up, centre, size, response: kaiserSinc(shape) })
  return { size, block: size - before - after, before, after, spectra }
}

type PhaseOptions = { up: number; centre: number; size: number; response: (t: number) => number }

/** Times `up`, because zeros were inserted, and 1 / size, because the inverse transform is not scaled. */
function phaseSpectra({ up, centre, size, response }: PhaseOptions): SplitComplex[] {
  const transform = complexFft(size)
  return Array.from({ length: up }, (_, phase) => {
    const re = new Float64Array(size)
    const first = -Math.floor((centre + phase) / up)
    const last = Math.floor((centre - phase) / up)
    for (let d = first; d <= last; d++) re[(d + size) % size] = (response(d * up + phase) * up) / size
    const spectrum = transform({ re, im: new Float64Array(size) })
    return { re: spectrum.re.slice(), im: spectrum.im.slice() }
  })
}
