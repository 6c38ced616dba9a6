const FLOAT4_OID = 700
const HEADER_BYTES = 20
const ELEMENT_BYTES = 8

/**
 * Vectors, one after the other, as one `real[]` in Postgres' binary format: no float is ever written as text, so that
 * each arrives with the bits that it had. pg sends a Buffer as a binary parameter.
 *
 * Format (array_recv): dimensions, null flag, element type, length, lower bound; then each element's length and value.
 */
export function encodeRealArray(vectors: readonly Float32Array[]): Buffer {
  const length = vectors.reduce((sum, vector) => sum + vector.length, 0)
  const encoded = Buffer.allocUnsafe(HEADER_BYTES + length * ELEMENT_BYTES)
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength)
  view.setInt32(0, 1)
  view.setInt32(4, 0)
  view.setInt32(8, FLOAT4_OID)
  view.setInt32(12, length)
  view.setInt32(16, 1)
  let at = HEADER_BYTES
  for (const vector of vectors) {
    for (const value of vector) {
      view.setInt32(at, 4)
      view.setFloat32(at + 4, value)
      at += ELEMENT_BYTES
    }
  }
  return encoded
}
