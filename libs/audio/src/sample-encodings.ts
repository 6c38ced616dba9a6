/** How one sample is stored. */
export type Encoding = 'pcm_u8' | 'pcm_s8' | 'pcm_s16' | 'pcm_s24' | 'pcm_s32' | 'float32' | 'float64' | 'ulaw' | 'alaw'

/** Reads `frames` samples, `stride` bytes apart from `offset` on, into `out`; full scale is 1. */
type ReadSamples = (source: SampleSource, out: Float32Array) => void

export type SampleSource = {
  readonly view: DataView
  readonly littleEndian: boolean
  readonly offset: number
  readonly stride: number
}

/** Bytes a sample and the reader of each encoding. Integers are divided by a power of two: libsndfile's scaling. */
export const ENCODINGS: Readonly<Record<Encoding, { readonly bytes: number; readonly read: ReadSamples }>> = {
  pcm_u8: { bytes: 1, read: readU8 },
  pcm_s8: { bytes: 1, read: readS8 },
  pcm_s16: { bytes: 2, read: readS16 },
  pcm_s24: { bytes: 3, read: readS24 },
  pcm_s32: { bytes: 4, read: readS32 },
  float32: { bytes: 4, read: readFloat32 },
  float64: { bytes: 8, read: readFloat64 },
  ulaw: { bytes: 1, read: readCompanded(muLawSample) },
  alaw: { bytes: 1, read: readCompanded(aLawSample) },
}

// One loop an encoding: a loop that calls through a variable costs four times as much on every sample.

function readU8({ view, offset, stride }: SampleSource, out: Float32Array): void {
  for (let i = 0, at = offset; i < out.length; i++, at += stride) out[i] = (view.getUint8(at) - 128) / 128
}

function readS8({ view, offset, stride }: SampleSource, out: Float32Array): void {
  for (let i = 0, at = offset; i < out.length; i++, at += stride) out[i] = view.getInt8(at) / 128
}

/** Four samples a turn: the turn itself costs as much as two of them. */
function readS16({ view, offset, stride, littleEndian }: SampleSource, out: Float32Array): void {
  const whole = out.length - (out.length % 4)
  let at = offset
  for (let i = 0; i < whole; i += 4, at += 4 * stride) {
    out[i] = view.getInt16(at, littleEndian) / 32_768
    out[i + 1] = view.getInt16(at + stride, littleEndian) / 32_768
    out[i + 2] = view.getInt16(at + 2 * stride, littleEndian) / 32_768
    out[i + 3] = view.getInt16(at + 3 * stride, littleEndian) / 32_768
  }
  for (let i = whole; i < out.length; i++, at += stride) out[i] = view.getInt16(at, littleEndian) / 32_768
}

function readS24({ view, offset, stride, littleEndian }: SampleSource, out: Float32Array): void {
  const [high, low] = littleEndian ? [2, 0] : [0, 2]
  for (let i = 0, at = offset; i < out.length; i++, at += stride) {
    const value = (view.getInt8(at + high) << 16) | (view.getUint8(at + 1) << 8) | view.getUint8(at + low)
    out[i] = value / 8_388_608
  }
}

function readS32({ view, offset, stride, littleEndian }: SampleSource, out: Float32Array): void {
  for (let i = 0, at = offset; i < out.length; i++, at += stride) {
    out[i] = view.getInt32(at, littleEndian) / 2_147_483_648
  }
}

function readFloat32({ view, offset, stride, littleEndian }: SampleSource, out: Float32Array): void {
  for (let i = 0, at = offset; i < out.length; i++, at += stride) out[i] = view.getFloat32(at, littleEndian)
}

function readFloat64({ view, offset, stride, littleEndian }: SampleSource, out: Float32Array): void {
  for (let i = 0, at = offset; i < out.length; i++, at += stride) out[i] = view.getFloat64(at, littleEndian)
}

function readCompanded(expand: (code: number) => number): ReadSamples {
  return ({ view, offset, stride }, out) => {
    const table = Float32Array.from({ length: 256 }, (_, code) => expand(code) / 32_768)
    for (let i = 0, at = offset; i < out.length; i++, at += stride) out[i] = table[view.getUint8(at)]
  }
}

/** ITU-T G.711 mu-law to 16 bits. */
function muLawSample(code: number): number {
  const bits = ~code & 0xff
  const magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits & 0x70) >> 4)) - 0x84
  return bits & 0x80 ? -magnitude : magnitude
}

/** ITU-T G.711 A-law to 16 bits. */
function aLawSample(code: number): number {
  const bits = code ^ 0x55
  const exponent = (bits & 0x70) >> 4
  const mantissa = ((bits & 0x0f) << 4) + 8
  const magnitude = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1)
  return bits & 0x80 ? magnitude : -magnitude
}
