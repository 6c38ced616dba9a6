/**
 * What storing every frame of a recording costs, by ways of writing its matrix down: bytes, processor time, and what is lost.
 *
 *   TESS_DIR=... node --import tsx -C ser-source test/bench/frames/measure-storage.ts [--recordings 200] [--json FILE]
 */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { brotliCompressSync, brotliDecompressSync, constants, deflateRawSync, inflateRawSync } from 'node:zlib'
import { loadWaveform } from '@ser/audio'
import { createExtractor, decodeMatrix, defaultFeatureSpec, encodeMatrix, joinFrameGroups } from '@ser/features'

const { values: flags } = parseArgs({
  options: { recordings: { type: 'string', default: '200' }, json: { type: 'string' } },
})
const tess = process.env['TESS_DIR']
if (tess === undefined) throw new Error('TESS_DIR names the folder of TESS')
const COLUMNS = 170
const columns = { columns: COLUMNS, power: [0, 128] } as const

type Way = {
  readonly name: string
  readonly write: (matrix: Float32Array) => Uint8Array
  readonly read: (bytes: Uint8Array) => Float32Array
}

const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }
const ways: Way[] = [
  { name: 'float32', write: toBytes, read: toFloats },
  {
    name: 'float32, deflate',
    write: (matrix) => deflateRawSync(toBytes(matrix), { level: 1 }),
    read: (bytes) => toFloats(inflateRawSync(bytes)),
  },
  {
    name: 'float32 in planes of bytes, deflate',
    write: (matrix) => deflateRawSync(toPlanes(matrix, 4), { level: 1 }),
    read: (bytes) => fromPlanes(inflateRawSync(bytes), 4),
  },
  {
    name: 'float32 in planes of bytes, brotli 4',
    write: (matrix) => brotliCompressSync(toPlanes(matrix, 4), brotli),
    read: (bytes) => fromPlanes(brotliDecompressSync(bytes), 4),
  },
  {
    name: 'upper 3 bytes of float32, planes, deflate',
    write: (matrix) => deflateRawSync(toPlanes(matrix, 3), { level: 1 }),
    read: (bytes) => fromPlanes(inflateRawSync(bytes), 3),
  },
  {
    name: 'upper 2 bytes of float32',
    write: (matrix) => toPlanes(matrix, 2),
    read: (bytes) => fromPlanes(bytes, 2),
  },
  {
    name: '16 bits of each column (chosen)',
    write: (matrix) => encodeMatrix(matrix, columns),
    read: (bytes) => decodeMatrix(bytes),
  },
  {
    name: '16 bits of each column, brotli 4',
    write: (matrix) => brotliCompressSync(encodeMatrix(matrix, columns), brotli),
    read: (bytes) => decodeMatrix(brotliDecompressSync(bytes)),
  },
]

const matrices = await extractMatrices(tess, Number(flags.recordings))
say(
  `${matrices.length} recordings of TESS, ${(mean(matrices.map(({ length }) => length)) / COLUMNS).toFixed(1)} frames of 170 values`,
)
say(
  `${'way'.padEnd(44)} ${'bytes'.padStart(7)} ${'write ms'.padStart(9)} ${'read ms'.padStart(8)} ${'mel dB'.padStart(9)} ${'MFCC'.padStart(9)}`,
)
const figures = ways.map(({ name, write, read }) => {
  for (const matrix of matrices.slice(0, 20)) read(write(matrix))
  const stored: Uint8Array[] = []
  const writing = measure(() => void stored.push(...matrices.map(write)))
  const decoded: Float32Array[] = []
  const reading = measure(() => void decoded.push(...stored.map(read)))
  const bytes = mean(stored.map(({ length }) => length))
  const lost = { melDecibel: 0, mfcc: 0 }
  for (const [index, matrix] of matrices.entries()) addLoss(lost, matrix, decoded[index])
  const cells = [bytes.toFixed(0).padStart(7), writing.toFixed(2).padStart(9), reading.toFixed(2).padStart(8)]
  say(`${name.padEnd(44)} ${cells.join(' ')} ${show(lost.melDecibel)} ${show(lost.mfcc)}`)
  return { name, bytes, writeMs: writing, readMs: reading, ...lost }
})
if (flags.json !== undefined) await writeFile(flags.json, `${JSON.stringify(figures, null, 2)}\n`)

async function extractMatrices(folder: string, count: number): Promise<Float32Array[]> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.wav')).sort()
  const spec = { ...defaultFeatureSpec, pooling: 'frames' } as const
  const extractor = createExtractor(spec)
  const chosen = files.filter((_, index) => index % Math.max(1, Math.floor(files.length / count)) === 0).slice(0, count)
  const found: Float32Array[] = []
  for (const file of chosen) {
    const { samples } = loadWaveform(await readFile(join(folder, file)), { sampleRate: spec.sampleRate })
    found.push(joinFrameGroups(extractor.extractFrames(samples)))
  }
  return found
}

/** Processor time a recording, the least of three turns, in milliseconds. */
function measure(work: () => void): number {
  const turns = Array.from({ length: 3 }, () => {
    const before = process.cpuUsage()
    work()
    return process.cpuUsage(before).user / 1000
  })
  return Math.min(...turns) / matrices.length
}

/** The greatest differences: of mel bands above -100 dB in decibels, of MFCC as they are. */
function addLoss(lost: { melDecibel: number; mfcc: number }, before: Float32Array, after: Float32Array): void {
  for (const [index, value] of before.entries()) {
    const column = index % COLUMNS
    if (column < 128) lost.melDecibel = Math.max(lost.melDecibel, Math.abs(decibel(value) - decibel(after[index])))
    else if (column < 168) lost.mfcc = Math.max(lost.mfcc, Math.abs(value - after[index]))
  }
}

function decibel(power: number): number {
  return 10 * Math.log10(Math.max(1e-10, power))
}

function toBytes({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

function toFloats(bytes: Uint8Array): Float32Array {
  return new Float32Array(Uint8Array.from(bytes).buffer)
}

/** The upper bytes of each value, rounded, all first bytes before all second ones; column by column. */
function toPlanes(matrix: Float32Array, kept: number): Uint8Array {
  const bits = new Uint32Array(matrix.slice().buffer)
  const frames = matrix.length / COLUMNS
  const half = kept === 4 ? 0 : 2 ** (31 - 8 * kept)
  const planes = new Uint8Array(kept * matrix.length)
  for (let plane = 0; plane < kept; plane++)
    for (let column = 0; column < COLUMNS; column++)
      for (let frame = 0; frame < frames; frame++)
        planes[plane * matrix.length + column * frames + frame] =
          (bits[frame * COLUMNS + column] + half) >>> (24 - 8 * plane)
  return planes
}

function fromPlanes(planes: Uint8Array, kept: number): Float32Array {
  const size = planes.length / kept
  const frames = size / COLUMNS
  const bits = new Uint32Array(size)
  for (let plane = 0; plane < kept; plane++)
    for (let column = 0; column < COLUMNS; column++)
      for (let frame = 0; frame < frames; frame++)
        bits[frame * COLUMNS + column] |= planes[plane * size + column * frames + frame] << (24 - 8 * plane)
  return new Float32Array(bits.buffer)
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length
}

function show(loss: number): string {
  return loss === 0 ? '0'.padStart(9) : loss.toExponential(1).padStart(9)
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
