import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { FeatureGroup, FeatureSpec } from '@ser/contracts'
import type { VectorTable } from '@ser/database'
import { selectFeatures, type Examples } from '@ser/model'

// One side of a run, handed to the training process as two files: float32 vectors and one byte a label. A file has no limit
// of size, costs no second copy in the parent, and is in memory anyway (the page cache).

export type Side = 'train' | 'validation' | 'test'

/** Rows of a table and their classes. */
export type SideRows = { readonly rows: readonly number[]; readonly labels: Uint8Array }

export type SelectedTable = {
  readonly table: VectorTable
  readonly spec: FeatureSpec
  readonly groups: readonly FeatureGroup[]
}

const ROWS_AT_ONCE = 4096
/** Node's calls take at most 2 GiB at once. */
const READ_BYTES = 2 ** 30

/** Writes the chosen columns of some rows. */
export async function writeExamples(folder: string, side: Side, from: SelectedTable, { rows, labels }: SideRows) {
  const { table, spec, groups } = from
  await withFile(join(folder, `${side}.vectors`), 'w', async (file) => {
    for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
      const part = rows.slice(start, start + ROWS_AT_ONCE)
      const full = new Float32Array(part.length * table.length)
      for (const [place, row] of part.entries()) {
        full.set(table.values.subarray(row * table.length, (row + 1) * table.length), place * table.length)
      }
      await file.writeFile(bytesOf(selectFeatures(full, spec, groups)))
    }
  })
  await withFile(join(folder, `${side}.labels`), 'w', (file) => file.writeFile(labels))
}

/** Reads what `writeExamples` wrote. */
export async function readExamples(folder: string, side: Side): Promise<Examples> {
  const vectors = new Float32Array((await readWhole(join(folder, `${side}.vectors`))).buffer)
  return { vectors, labels: await readWhole(join(folder, `${side}.labels`)) }
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

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}
