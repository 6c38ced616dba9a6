export type Samples = Float32Array | Float64Array

/**
 * A stage that is ready to run. Outputs are counted from input sample `start` on; before the first sample of the input
 * and after its last there are zeros. An output depends on nothing but its inputs' values and where `start` is a
 * multiple of `period.inputs` from the true beginning, so a signal may be run piece by piece: sample for sample the same.
 */
export type RunStage = {
  /** How many input samples decide the first `outputs` output samples. */
  inputsFor(outputs: number): number
  /** How many input samples before its own time an output may depend on. */
  readonly history: number
  /** After so many inputs and outputs the work repeats itself. */
  readonly period: { readonly inputs: number; readonly outputs: number }
  /**
   * What is returned may be overwritten by the next run. `given` says how many outputs there were before `start`: libsoxr's
   * times are whole multiples of a rounded step, which in hours drift from the true ones by a hundredth of a sample.
   */
  run(input: Samples, outputs: number, start?: number, given?: number): Samples
}
