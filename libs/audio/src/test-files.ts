/** Builds recordings byte by byte, for tests. */

export type ChunkBytes = { readonly id: string; readonly content: Uint8Array; readonly claims?: number }

export function text(value: string): Uint8Array {
  return Uint8Array.from(value, (letter) => letter.charCodeAt(0))
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** Numbers as bytes: [width in bytes, value] each. */
export function packed(littleEndian: boolean, ...fields: readonly (readonly [1 | 2 | 4, number])[]): Uint8Array {
  const bytes = new Uint8Array(fields.reduce((sum, [width]) => sum + width, 0))
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const [width, value] of fields) {
    if (width === 1) view.setUint8(at, value)
    if (width === 2) view.setUint16(at, value, littleEndian)
    if (width === 4) view.setUint32(at, value, littleEndian)
    at += width
  }
  return bytes
}

function chunk({ id, content, claims }: ChunkBytes, littleEndian: boolean): Uint8Array {
  const padding = new Uint8Array(content.length & 1)
  return joined(text(id), packed(littleEndian, [4, claims ?? content.length]), content, padding)
}

export function riff(...chunks: readonly ChunkBytes[]): Uint8Array {
  const body = joined(text('WAVE'), ...chunks.map((one) => chunk(one, true)))
  return joined(text('RIFF'), packed(true, [4, body.length]), body)
}

export function iff(type: 'AIFF' | 'AIFC', ...chunks: readonly ChunkBytes[]): Uint8Array {
  const body = joined(text(type), ...chunks.map((one) => chunk(one, false)))
  return joined(text('FORM'), packed(false, [4, body.length]), body)
}

export type WavFormatFields = { tag?: number; channels?: number; sampleRate?: number; bits: number; block?: number }

export function wavFormat({ tag = 1, channels = 1, sampleRate = 22_050, bits, block }: WavFormatFields): ChunkBytes {
  const blockBytes = block ?? channels * Math.ceil(bits / 8)
  const rateBytes = sampleRate * blockBytes
  const content = packed(true, [2, tag], [2, channels], [4, sampleRate], [4, rateBytes], [2, blockBytes], [2, bits])
  return { id: 'fmt ', content }
}

/** AIFF's common chunk at 22050 Hz (as an 80-bit number). */
export function aiffCommon(bits: number, frames: number, compression?: string): ChunkBytes {
  const rate = packed(false, [2, 16_383 + 14], [4, 22_050 << 17], [4, 0])
  const content = joined(packed(false, [2, 1], [4, frames], [2, bits]), rate)
  return { id: 'COMM', content: compression ? joined(content, text(compression), packed(false, [2, 0])) : content }
}

export function aiffSound(samples: Uint8Array): ChunkBytes {
  return { id: 'SSND', content: joined(new Uint8Array(8), samples) }
}
