import { crc32, deflateRawSync } from 'node:zlib'
import type { CorpusFile } from './make-corpus.ts'

export type ZipOptions = {
  /** Sizes and offsets in zip64's extra fields, as archives of more than 4 GiB or 65535 files have them. */
  readonly zip64?: boolean
  /** The entry whose content is damaged after its check sum was taken. */
  readonly damaged?: string
}

/** A zip by PKWARE's APPNOTE 6.3: every second entry deflated, the others stored. */
export function makeZip(files: readonly CorpusFile[], { zip64 = false, damaged }: ZipOptions = {}): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [index, { path, bytes }] of files.entries()) {
    const name = Buffer.from(path)
    const method = index % 2 === 0 ? 8 : 0
    const sum = crc32(bytes)
    const content = damaged === path ? bytes.map((byte) => byte ^ 1) : bytes
    const packed = method === 8 ? deflateRawSync(content) : Buffer.from(content)
    const sizes = { packed: packed.length, size: bytes.length, offset }
    const local = Buffer.concat([header(0x04034b50, method, sum, sizes, name.length, 30), name, packed])
    parts.push(local)
    directory.push(centralEntry(name, method, sum, sizes, zip64))
    offset += local.length
  }
  const central = Buffer.concat(directory)
  return Buffer.concat([
    ...parts,
    central,
    zip64 ? end64(files.length, central.length, offset) : end(files.length, central.length, offset),
  ])
}

type Sizes = { packed: number; size: number; offset: number }

function header(
  signature: number,
  method: number,
  sum: number,
  sizes: Sizes,
  nameLength: number,
  length: number,
): Buffer {
  const local = Buffer.alloc(length)
  local.writeUInt32LE(signature, 0)
  local.writeUInt16LE(20, 4)
  local.writeUInt16LE(0x0800, 6)
  local.writeUInt16LE(method, 8)
  local.writeUInt32LE(sum, 14)
  local.writeUInt32LE(sizes.packed, 18)
  local.writeUInt32LE(sizes.size, 22)
  local.writeUInt16LE(nameLength, 26)
  return local
}

function centralEntry(name: Buffer, method: number, sum: number, sizes: Sizes, zip64: boolean): Buffer {
  const entry = Buffer.alloc(46)
  entry.writeUInt32LE(0x02014b50, 0)
  entry.writeUInt16LE(20, 4)
  header(0, method, sum, sizes, name.length, 30).copy(entry, 6, 4)
  const extra = zip64 ? Buffer.alloc(28) : Buffer.alloc(0)
  if (zip64) {
    entry.writeUInt32LE(0xffffffff, 20)
    entry.writeUInt32LE(0xffffffff, 24)
    entry.writeUInt16LE(28, 30)
    extra.writeUInt16LE(1, 0)
    extra.writeUInt16LE(24, 2)
    for (const [index, value] of [sizes.size, sizes.packed, sizes.offset].entries()) {
      extra.writeBigUInt64LE(BigInt(value), 4 + 8 * index)
    }
  }
  entry.writeUInt32LE(zip64 ? 0xffffffff : sizes.offset, 42)
  return Buffer.concat([entry, name, extra])
}

function end(entries: number, length: number, offset: number): Buffer {
  const record = Buffer.alloc(22)
  record.writeUInt32LE(0x06054b50, 0)
  record.writeUInt16LE(Math.min(entries, 0xffff), 8)
  record.writeUInt16LE(Math.min(entries, 0xffff), 10)
  record.writeUInt32LE(Math.min(length, 0xffffffff), 12)
  record.writeUInt32LE(Math.min(offset, 0xffffffff), 16)
  return record
}

function end64(entries: number, length: number, offset: number): Buffer {
  const record = Buffer.alloc(56)
  record.writeUInt32LE(0x06064b50, 0)
  record.writeBigUInt64LE(44n, 4)
  record.writeUInt16LE(45, 12)
  record.writeUInt16LE(45, 14)
  for (const [index, value] of [entries, entries, length, offset].entries()) {
    record.writeBigUInt64LE(BigInt(value), 24 + 8 * index)
  }
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(BigInt(offset + length), 8)
  locator.writeUInt32LE(1, 16)
  return Buffer.concat([record, locator, end(0xffff, 0xffffffff, 0xffffffff)])
}
