import type { KernelMemory } from '@ser/kernels'

/** What a kernel was called with for a recording. */
export type KernelCall = {
  readonly args: readonly number[]
  readonly input: Uint8Array
  readonly output: { readonly address: number; readonly bytes: number }
}

/** A kernel alone, to be run again as it was called for each recording; in WebAssembly, and in C on the same memory. */
export type RecordedKernel = {
  readonly calls: readonly KernelCall[]
  readonly kernelMemory: KernelMemory
  /** To be called in the kernel's place, with its input's address first. */
  readonly record: (...args: number[]) => void
  /** Writes a call's input anew. */
  prepare(call: KernelCall): void
  run(call: KernelCall): void
}

type Kernels<Name extends string> = {
  readonly run: Readonly<Record<Name, (...args: number[]) => void>>
  readonly kernelMemory: KernelMemory
}

/** @param outputOf Where a call's output lies, which comes after its input */
export function recordKernel<Name extends string>(
  { run, kernelMemory }: Kernels<Name>,
  name: Name,
  outputOf: (args: readonly number[]) => KernelCall['output'],
): RecordedKernel {
  const calls: KernelCall[] = []
  return {
    calls,
    kernelMemory,
    record: (...args) => {
      const output = outputOf(args)
      calls.push({ args, input: kernelMemory.bytes(args[0], output.address - args[0]).slice(), output })
      run[name](...args)
    },
    prepare: ({ args, input }) => kernelMemory.bytes(args[0], input.length).set(input),
    run: ({ args }) => run[name](...args),
  }
}
