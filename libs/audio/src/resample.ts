import { filterBandFast } from './filter-band-fast.ts'
import { filterBand } from './filter-band.ts'
import { halveRate } from './halve-rate.ts'
import { interpolateSamplesFast } from './interpolate-samples-fast.ts'
import { interpolateSamples } from './interpolate-samples.ts'
import type { Allocate } from './keep-memory.ts'
import { checkRate } from './pcm-layout.ts'
import { loadKernels } from './kernels.ts'
import { planResampling, type Stage } from './plan-resampling.ts'
import type { RunStage, Samples } from './run-stage.ts'

/** Changes the rate of recordings: mono samples to mono samples, in a new array or in one that is given. Holds the filters' tables. */
export type Resampler = (samples: Float32Array, allocate?: Allocate) => Float32Array

/**
 * Makes a resampler that is equal to soxr's quality HQ, which librosa.load uses: linear phase, pass band to 91.4 %
 * of the lower Nyquist rate. Differences to libsoxr 0.1.3 are those of its float32 (about -130 dB).
 *
 * The output has ceil(n * to / from) samples as librosa makes it; soxr itself gives floor(n * to / from + 0.5), and
 * librosa appends a zero where that is one less.
 *
 * @param fromRate Hz, a whole number from 8000 to 192000
 * @param toRate Hz, likewise
 * @throws AudioError `rate_out_of_range`
 */
export function createResampler(fromRate: number, toRate: number): Resampler {
  return resamplerOf(fromRate, toRate, prepareFast)
}

/** The same in plain TypeScript, which the kernels are tested against. */
export function createReferenceResampler(fromRate: number, toRate: number): Resampler {
  return resamplerOf(fromRate, toRate, prepare)
}

function resamplerOf(fromRate: number, toRate: number, prepareStage: (stage: Stage) => RunStage): Resampler {
  checkRate(fromRate)
  checkRate(toRate)
  if (fromRate === toRate) return (samples) => samples
  const stages = planResampling(fromRate, toRate).map(prepareStage)
  return (samples, allocate) => {
    const exact = (samples.length * toRate) / fromRate
    const counts = countOutputs(stages, exact)
    let signal: Samples = samples
    stages.forEach((stage, index) => {
      signal = stage.run(signal, counts[index])
    })
    const length = Math.ceil(exact)
    const output = allocate?.(length) ?? new Float32Array(length)
    output.set(signal)
    return output.fill(0, signal.length)
  }
}

/** Resamples one recording; `createResampler` saves the tables for many. Same result, same errors. */
export function resample(samples: Float32Array, fromRate: number, toRate: number): Float32Array {
  return createResampler(fromRate, toRate)(samples)
}

/** The stages of a change of rate, on kernels; none where the rates are equal. */
export function prepareStages(fromRate: number, toRate: number): RunStage[] {
  checkRate(fromRate)
  checkRate(toRate)
  return fromRate === toRate ? [] : planResampling(fromRate, toRate).map(prepareFast)
}

/** How many samples each stage gives of a whole recording; the last is what soxr gives. */
export function countOutputs(stages: readonly RunStage[], exact: number): number[] {
  const counts = [Math.floor(exact + 0.5)]
  for (const stage of stages.slice(1).reverse()) counts.unshift(stage.inputsFor(counts[0]))
  return counts
}

/** A stage on kernels with a memory of its own; in plain TypeScript where there are none. */
function prepareFast(stage: Stage): RunStage {
  const kernels = stage.kind === 'halve' ? undefined : loadKernels()
  if (!kernels || stage.kind === 'halve') return prepare(stage)
  return stage.kind === 'filter' ? filterBandFast(stage, kernels) : interpolateSamplesFast(stage, kernels)
}

function prepare(stage: Stage): RunStage {
  if (stage.kind === 'halve') return halveRate(stage)
  return stage.kind === 'filter' ? filterBand(stage) : interpolateSamples(stage)
}
