import { deflateSync } from 'node:zlib'

export type IndexedImage = {
  readonly width: number
  readonly height: number
  /** One index a pixel, row by row from the top. */
  readonly pixels: Uint8Array
  /** Red, green and blue of each index, 3 bytes each, 256 at most. */
  readonly palette: Uint8Array
}

/** An image of a palette as PNG (ISO/IEC 15948). So small a part of the format needs no library. */
export function encodePng({ width, height, pixels, palette }: IndexedImage): Uint8Array {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // Eight bits a pixel, an index into the palette; no interlace.
  header.set([8, 3, 0, 0, 0], 8)
  // Each row begins with its filter: none.
  const rows = new Uint8Array(height * (width + 1))
  for (let row = 0; row < height; row++) {
    rows.set(pixels.subarray(row * width, (row + 1) * width), row * (width + 1) + 1)
  }
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', new Uint8Array()),
  ])
}

function chunk(type: string, data: Uint8Array): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(typed))
  return Buffer.concat([length, typed, check])
}

/** The check sum of PNG's chunks (its annex D), bit by bit: pictures here have some ten thousand bytes. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb8_8320 : 0)
  }
  return (crc ^ 0xffff_ffff) >>> 0
}
