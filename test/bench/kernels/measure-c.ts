import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { MelInput } from './create-mel-kernel.ts'

const run = promisify(execFile)
const source = join(import.meta.dirname, 'mel_spectrogram.c')

/** The same algorithm in C, by its compiler's flags. */
export type CProgram = {
  readonly flags: string
  /** Milliseconds of each round, and the mel values. */
  measure(input: MelInput, rounds: number): Promise<{ readonly times: number[]; readonly mel: Float32Array }>
}

/** Compiles the C program into `folder`; undefined where there is no compiler, or no such processor. */
export async function compileC(folder: string, flags: readonly string[]): Promise<CProgram | undefined> {
  const program = join(folder, ['mel', ...flags].join(''))
  try {
    await run('cc', [...flags, '-o', program, source])
  } catch {
    return undefined
  }
  return {
    flags: flags.join(' '),
    async measure({ head, parts }, rounds) {
      const [input, output] = [join(folder, 'input'), join(folder, 'output')]
      await writeFile(input, Buffer.concat([new Uint8Array(head.buffer), ...parts]))
      const { stdout } = await run(program, [input, output, String(rounds)])
      const bytes = new Uint8Array(await readFile(output))
      return { times: stdout.trim().split('\n').map(Number), mel: new Float32Array(bytes.buffer) }
    },
  }
}
