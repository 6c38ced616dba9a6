/**
 * The beginning of an npy file (format 1.0) of float32 in rows, little-endian.
 * Source: numpy.lib.format. The data follows row by row.
 */
export function npyHead(rows: number, columns: number): Uint8Array {
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`
  // Magic, version and length are 10 bytes; the whole is a multiple of 64 and ends with a line feed.
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64 - 10
  const head = Buffer.alloc(10 + length, ' ')
  head.write('\u0093NUMPY\u0001\0', 'latin1')
  head.writeUInt16LE(length, 8)
  head.write(dictionary, 10, 'latin1')
  head.write('\n', 10 + length - 1)
  return head
}

export function npyRow(values: Float32Array): Uint8Array {
  const row = Buffer.alloc(values.length * 4)
  values.forEach((value, i) => row.writeFloatLE(value, i * 4))
  return row
}
