import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { createFileReader } from './create-file-reader.ts'

const folder = mkdtempSync(join(tmpdir(), 'ser-read-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('reads one file after the other, longer, shorter, empty, and too long to be kept', () => {
  const read = createFileReader()
  for (const size of [3, 100_000, 7, 0, 5_000_000, 12]) {
    const bytes = Buffer.alloc(size, `${size} `)
    const path = join(folder, String(size))
    writeFileSync(path, bytes)
    expect(Buffer.compare(read(path), bytes)).toBe(0)
  }
})

it('says which file cannot be read', () => {
  const path = join(folder, 'missing')
  expect(() => createFileReader()(path)).toThrow(expect.objectContaining({ code: 'ENOENT', syscall: 'open', path }))
  expect(() => createFileReader()(folder)).toThrow(expect.objectContaining({ code: 'EISDIR', syscall: 'read' }))
})
