import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { Examples } from '@ser/model'
import type { ExampleSource } from './open-examples.ts'

// One side of a run, handed to the training process as files: float32 vectors, one byte a label, uint32 speakers and datasets, and where each recording has its
// own number of frames that number, uint32. A file has no limit of size, costs no second copy in the parent, and is in memory
// anyway (the page cache).

export type Side = 'train' | 'validation' | 'test'

/** Rows of a source, their classes, and by numbers their speakers (see `Inputs` of the model) and datasets. */
export type SideRows = {
  readonly rows: readonly number[]
  readonly labels: Uint8Array
  readonly speakers: Uint32Array
  readonly domains: Uint32Array
}

/** The files of a network's examples; networks that see the same share one folder. */
export function examplesFolder(folder: string, input: number): string {
  return join(folder, `input-${input}`)
}

/** Node's calls take at most 2 GiB at once. */
const READ_BYTES = 2 ** 30

/** Writes the chosen columns of some rows, as they are read: of matrices little is in memory at a time. */
export async function writeExamples(folder: string, side: Side, source: ExampleSource, chosen: SideRows) {
  const { rows, labels, speakers, domains } = chosen
  const lengths: Uint32Array[] = []
  await withFile(join(folder, `${side}.vectors`), 'w', async (file) => {
    for await (const part of source.read(rows)) {
      await file.writeFile(bytesOf(part.values))
      if (part.lengths !== undefined) lengths.push(part.lengths)
    }
  })
  await withFile(join(folder, `${side}.lengths`), 'w', async (file) => {
    for (const part of lengths) await file.writeFile(bytesOf(part))
  })
  for (const [part, values] of Object.entries({ labels, speakers, domains })) {
    await withFile(join(folder, `${side}.${part}`), 'w', (file) => file.writeFile(bytesOf(values)))
  }
}

/** Reads what `writeExamples` wrote. */
export async function readExamples(folder: string, side: Side): Promise<Examples> {
  const vectors = new Float32Array((await readWhole(join(folder, `${side}.vectors`))).buffer)
  const numbersOf = async (part: string) => new Uint32Array((await readWhole(join(folder, `${side}.${part}`))).buffer)
  const lengths = await numbersOf('lengths')
  const labels = await readWhole(join(folder, `${side}.labels`))
  const [speakers, domains] = [await numbersOf('speakers'), await numbersOf('domains')]
  return { vectors, labels, speakers, domains, ...(lengths.length === 0 ? {} : { lengths }) }
}

async function readWhole(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return withFile(path, 'r', async (file) => {
    const bytes = new Uint8Array((await file.stat()).size)
    for (let at = 0; at < bytes.length;) {
      const { bytesRead } = await file.read(bytes, at, Math.min(READ_BYTES, bytes.length - at), at)
      if (bytesRead === 0) throw new Error(`${path} has become shorter while it was read`)
      at += bytesRead
    }
    return bytes
  })
}

async function withFile<T>(path: string, flags: string, work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, flags)
  try {
    return await work(file)
  } finally {
    await file.close()
  }
}

function bytesOf(values: Float32Array | Uint32Array | Uint8Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}
