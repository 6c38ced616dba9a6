import { endianness } from 'node:os'
import { SerError } from '@ser/contracts'

/** A tensor of a file; values are float32. */
export type StoredTensor = { readonly name: string; readonly shape: readonly number[]; readonly values: Float32Array }

export type TensorFile = {
  readonly tensors: readonly StoredTensor[]
  readonly metadata: Readonly<Record<string, string>>
}

const HEADER_START = 8
const GREATEST_HEADER_BYTES = 100_000_000
const IS_LITTLE_ENDIAN = endianness() === 'LE'

/**
 * Writes tensors in the safetensors format (huggingface.co/docs/safetensors): the header's length as a little-endian uint64, the
 * header as JSON, then the values, little-endian. Any safetensors reader opens it. Equal tensors give equal bytes.
 */
export function encodeSafetensors({ tensors, metadata }: TensorFile): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata }
  let end = 0
  for (const { name, shape, values } of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [end, end + values.byteLength] }
    end += values.byteLength
  }
  const json = Buffer.from(JSON.stringify(header))
  // Values begin at a multiple of eight; spaces after the JSON are allowed for that.
  const headerBytes = Math.ceil(json.length / 8) * 8
  const bytes = Buffer.alloc(HEADER_START + headerBytes + end, ' ')
  bytes.writeBigUInt64LE(BigInt(headerBytes))
  json.copy(bytes, HEADER_START)
  let offset = HEADER_START + headerBytes
  for (const { values } of tensors) {
    if (IS_LITTLE_ENDIAN) offset += Buffer.from(values.buffer, values.byteOffset, values.byteLength).copy(bytes, offset)
    else for (const value of values) offset = bytes.writeFloatLE(value, offset)
  }
  return bytes
}

/**
 * Reads a safetensors file of float32 tensors.
 *
 * @throws SerError NOT_A_MODEL_FILE (`bad-input`) when it is cut off or something else
 */
export function decodeSafetensors(bytes: Uint8Array): TensorFile {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const headerBytes = file.length < HEADER_START ? Infinity : Number(file.readBigUInt64LE(0))
  const dataStart = HEADER_START + headerBytes
  if (headerBytes > GREATEST_HEADER_BYTES || dataStart > file.length) throw notAModel('its header is cut off')
  const { __metadata__: metadata = {}, ...entries } = parseHeader(file.subarray(HEADER_START, dataStart))
  const data = file.subarray(dataStart)
  return {
    tensors: Object.entries(entries).map(([name, entry]) => readTensor(name, entry, data)),
    metadata: Object.fromEntries(Object.entries(asObject(metadata)).map(([key, value]) => [key, String(value)])),
  }
}

/** The error of a file that is not a model of ours. */
export function notAModel(reason: string, cause?: unknown): SerError {
  return new SerError('NOT_A_MODEL_FILE', `this is not a model file: ${reason}`, { kind: 'bad-input', cause })
}

function parseHeader(json: Buffer): Record<string, unknown> {
  try {
    return asObject(JSON.parse(json.toString('utf8')))
  } catch (error) {
    throw notAModel('its header is not JSON', error)
  }
}

function readTensor(name: string, entry: unknown, data: Buffer): StoredTensor {
  const { dtype, shape, data_offsets: offsets } = asObject(entry)
  if (dtype !== 'F32' || !isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) {
    throw notAModel(`its tensor ${name} is not described as float32 values`)
  }
  const count = shape.reduce((product, size) => product * size, 1)
  const [start, end] = offsets
  if (end - start !== 4 * count || end > data.length) throw notAModel(`its tensor ${name} is cut off`)
  return { name, shape, values: readFloats(data.subarray(start, end)) }
}

/** As a copy: the values of a file need not lie at a multiple of four bytes of the buffer that holds it. */
function readFloats(data: Buffer): Float32Array {
  const values = new Float32Array(data.length / 4)
  if (IS_LITTLE_ENDIAN) data.copy(new Uint8Array(values.buffer))
  else for (let index = 0; index < values.length; index++) values[index] = data.readFloatLE(4 * index)
  return values
}

function asObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw notAModel('its header is not an object')
  return { ...value }
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0)
}
