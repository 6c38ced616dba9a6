import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { RecordedKernel } from './record-kernel.ts'

const run = promisify(execFile)
const MOST_ARGUMENTS = 8

/** The same algorithm in C, on what its twin was called with. */
export type CProgram = {
  /** Processor milliseconds of each call. */
  time(): Promise<number[]>
}

/**
 * Compiles a C program into `folder`; undefined where there is no compiler, or no such processor. Rejects when its values
 * differ from the kernel's in any bit.
 */
export async function compileC(
  folder: string,
  { source, flags, kernel }: { source: string; flags: readonly string[]; kernel: RecordedKernel },
): Promise<CProgram | undefined> {
  const program = join(folder, [source, ...flags].join(''))
  const sources = ['run_kernel.c', source].map((name) => join(import.meta.dirname, name))
  try {
    await run('cc', [...flags, '-o', program, ...sources])
  } catch {
    return undefined
  }
  const [input, output] = [join(folder, `${source}.input`), join(folder, 'output')]
  await writeFile(input, inputOf(kernel))
  await run(program, [input, output], { maxBuffer: 1 << 24 })
  if (!outputOf(kernel).equals(await readFile(output))) throw new Error(`${source} has other values than its kernel`)
  return {
    async time() {
      const { stdout } = await run(program, [input], { maxBuffer: 1 << 24 })
      return stdout.trim().split('\n').map(Number)
    },
  }
}

/** What run_kernel.c reads. */
function inputOf({ calls, kernelMemory }: RecordedKernel): Buffer {
  // Everything below the first recording's input is tables and buffers.
  const tables = kernelMemory.bytes(0, calls[0].args[0])
  const parts = calls.flatMap(({ args, input, output }) => {
    const head = new Int32Array(MOST_ARGUMENTS + 4)
    head.set(args)
    head.set([args[0], input.length, output.address, output.bytes], MOST_ARGUMENTS)
    return [new Uint8Array(head.buffer), input]
  })
  const head = Int32Array.of(tables.buffer.byteLength, tables.length, calls.length)
  return Buffer.concat([new Uint8Array(head.buffer), tables, ...parts])
}

function outputOf(kernel: RecordedKernel): Buffer {
  return Buffer.concat(
    kernel.calls.map((call) => {
      kernel.prepare(call)
      kernel.run(call)
      return kernel.kernelMemory.bytes(call.output.address, call.output.bytes).slice()
    }),
  )
}
