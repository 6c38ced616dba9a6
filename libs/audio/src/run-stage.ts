/** A stage that is ready to run. Before its first and after its last input sample there are zeros. */
export type RunStage = {
  /** How many input samples decide the first `outputs` output samples. */
  inputsFor(outputs: number): number
  /** What is returned may be overwritten by the next run. */
  run(input: Float64Array, outputs: number): Float64Array
}
