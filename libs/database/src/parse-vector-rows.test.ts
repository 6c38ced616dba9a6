import { expect, test } from 'vitest'
import { encodeRealArray } from './encode-real-array.ts'
import { createVectorParser, type VectorClip } from './parse-vector-rows.ts'

function field(bytes: Buffer | null): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(bytes === null ? -1 : bytes.length)
  return bytes === null ? length : Buffer.concat([length, bytes])
}

function row(sha256: string, texts: readonly (string | null)[], values: Float32Array): Buffer {
  const fields = [
    Buffer.from(sha256, 'hex'),
    ...texts.map((text) => (text === null ? null : Buffer.from(text))),
    encodeRealArray([values]),
  ]
  return Buffer.concat([Buffer.from([0, fields.length]), ...fields.map(field)])
}

const header = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)])
const trailer = Buffer.from([0xff, 0xff])
const first = 'ab'.repeat(32)
const second = 'cd'.repeat(32)
const values = [new Float32Array([1.5, -0, Number.MIN_VALUE]), new Float32Array([3.4e38, 1e-45, 0.1])]
const copy = Buffer.concat([
  header,
  row(first, ['angry', 'ÖAF', 'back', null, 'tess', null], values[0]),
  row(second, ['sad', 'ÖAF', null, 'test', 'ravdess', first], values[1]),
  trailer,
])

function parse(chunks: readonly Buffer[]) {
  const clips: VectorClip[] = []
  const table = new Float32Array(6)
  const parser = createVectorParser({
    reserve: () => table.subarray(clips.length * 3, clips.length * 3 + 3),
    add: (clip) => void clips.push(clip),
  })
  for (const chunk of chunks) parser.feed(chunk)
  parser.end()
  return { clips, table }
}

test('reads every row bit for bit, wherever the stream is cut', () => {
  for (let size = 1; size <= copy.length; size += 1) {
    const chunks = Array.from({ length: Math.ceil(copy.length / size) }, (_, index) =>
      copy.subarray(index * size, (index + 1) * size),
    )
    const { clips, table } = parse(chunks)
    expect(clips).toEqual([
      { sha256: first, label: 'angry', speaker: 'ÖAF', word: 'back', split: null, dataset: 'tess', parent: null },
      { sha256: second, label: 'sad', speaker: 'ÖAF', word: null, split: 'test', dataset: 'ravdess', parent: first },
    ])
    expect([...table].map((value) => [value, Object.is(value, -0)])).toEqual(
      [...values[0], ...values[1]].map((value) => [value, Object.is(value, -0)]),
    )
  }
})

test('notices a stream that ends in the middle of a row', () => {
  expect(() => parse([copy.subarray(0, copy.length - 10)])).toThrow(RangeError)
})

test('takes nothing for COPY BINARY that is not', () => {
  expect(() => parse([Buffer.from('sha256\tlabel\tspeaker\n')])).toThrow(RangeError)
})
